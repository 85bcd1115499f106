import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { MenuIcon } from '../ui/icons.tsx';
import { Nav, WaitingBadge } from './nav.tsx';

/** Where the window is narrow: a button that opens the places in a drawer. */
export function NarrowNav() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="lg:hidden">
      <Button look="quiet" className="-ml-2 px-2" aria-expanded={isOpen} onClick={() => setOpen(true)}>
        <MenuIcon />
        <span className="sr-only">Places</span>
        <WaitingBadge />
      </Button>
      {isOpen && <Drawer onClose={() => setOpen(false)} />}
    </div>
  );
}

function Drawer({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes; the click is on the backdrop, where no key can be
    <dialog
      ref={dialog}
      aria-label="Places"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
      className="m-0 h-dvh max-h-none w-64 max-w-[85vw] border-line border-r bg-surface p-0 text-ink backdrop:bg-black/40"
    >
      <Nav onGo={() => dialog.current?.close()} />
    </dialog>
  );
}
