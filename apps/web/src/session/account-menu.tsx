import { useMe } from '@roost/react';
import { type ReactNode, useRef, useState } from 'react';
import { PersonIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { ThemeChoice } from '../ui/theme-choice.tsx';
import { useAction } from '../ui/use-action.ts';
import { useSession } from './session-context.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

/** Who is signed in, and what they can do about themselves. The browser closes it on Escape and on a click elsewhere. */
export function AccountMenu({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const me = useMe();
  const session = useSession();
  const menu = useRef<HTMLDivElement>(null);
  const [isSettingPassword, setSettingPassword] = useState(false);
  const signOut = useAction(session.signOut);
  const choose = (act: () => void) => () => {
    menu.current?.hidePopover();
    act();
  };
  return (
    <>
      <button
        type="button"
        popoverTarget="account-menu"
        aria-label="Account"
        className="grid size-8 place-items-center rounded-full bg-hover text-ink-2 hover:text-ink"
      >
        {me?.email ? (
          <span aria-hidden="true" className="font-medium text-[0.8125rem] uppercase">
            {(me.name || me.email).slice(0, 1)}
          </span>
        ) : (
          <PersonIcon />
        )}
      </button>
      <div
        ref={menu}
        id="account-menu"
        popover="auto"
        className="fixed inset-auto top-[3.25rem] right-3 m-0 w-64 rounded-xl border border-line bg-raised p-1.5 text-ink shadow-xl"
      >
        <div className="truncate px-2.5 pt-1.5 pb-2">
          {me?.name && <div className="truncate font-medium">{me.name}</div>}
          <div className="truncate text-[0.8125rem] text-ink-3">{me?.email ?? 'Signed in'}</div>
        </div>
        <Divider />
        <ThemeChoice />
        <Divider />
        <Item onClick={choose(() => setSettingPassword(true))}>Set a password…</Item>
        <Item onClick={choose(onShowShortcuts)}>
          Keyboard shortcuts <kbd className="text-ink-3">?</kbd>
        </Item>
        <Divider />
        <Item onClick={() => void signOut.run()}>{signOut.isRunning ? 'Signing out…' : 'Sign out'}</Item>
        {signOut.problem && <Notice tone="bad">Still signed in. {signOut.problem}</Notice>}
      </div>
      {isSettingPassword && <SetPasswordDialog onClose={() => setSettingPassword(false)} />}
    </>
  );
}

function Item({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex h-8 w-full items-center justify-between rounded-md px-2.5 text-left outline-offset-[-2px] hover:bg-hover"
    >
      {children}
    </button>
  );
}

function Divider() {
  return <hr className="my-1.5 border-line" />;
}
