import { useEffect, useRef } from 'react';
import { CloseIcon } from '../ui/icons.tsx';

/** A picture as large as the window. Escape or a click beside it closes. */
export function ImageDialog({ url, name, onClose }: { url: string; name: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes; the click is on the backdrop, where no key can be
    <dialog
      ref={dialog}
      aria-label={name}
      onClose={onClose}
      onClick={() => dialog.current?.close()}
      className="max-h-[96dvh] max-w-[96vw] bg-transparent p-0 backdrop:bg-black/80"
    >
      <img src={url} alt={name} className="max-h-[92dvh] max-w-[92vw] rounded object-contain" />
      <button
        type="button"
        aria-label="Close"
        className="absolute top-2 right-2 rounded-full bg-black/60 p-2 text-on-accent"
      >
        <CloseIcon />
      </button>
    </dialog>
  );
}
