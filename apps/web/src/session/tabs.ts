import type { Session } from './session.ts';

/** The narrow part of a BroadcastChannel that is used here. */
export interface TabChannel {
  postMessage(message: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Signing out in one tab signs out all: they share the cookie, and a person who leaves means all of it. */
export function signOutTogether(session: Session, channel: TabChannel): void {
  let before = session.getSnapshot().kind;
  session.subscribe(() => {
    const wasSignedIn = before === 'signed-in' || before === 'ended';
    before = session.getSnapshot().kind;
    if (before === 'signed-out' && wasSignedIn) channel.postMessage('signed-out');
  });
  channel.addEventListener('message', ({ data }) => {
    if (data === 'signed-out' && before !== 'signed-out') session.forget();
  });
}
