import { z } from 'zod';
import { auth } from './up/auth.ts';
import { fetchPage } from './up/fetch.ts';
import { hello } from './up/hello.ts';
import { pong } from './up/pong.ts';
import { presenceUp } from './up/presence.ts';
import { read } from './up/read.ts';
import { send } from './up/send.ts';
import { subscribe } from './up/subscribe.ts';
import { typingUp } from './up/typing.ts';
import { unsubscribe } from './up/unsubscribe.ts';

/** Every frame a client may send. */
export const upFrame = z.discriminatedUnion('type', [
  hello,
  subscribe,
  unsubscribe,
  fetchPage,
  read,
  send,
  typingUp,
  presenceUp,
  auth,
  pong,
]);
/** As the server reads it, defaults filled in. */
export type UpFrame = z.infer<typeof upFrame>;
/** As a client may write it. */
export type UpFrameInput = z.input<typeof upFrame>;
