import { z } from 'zod';
import { ack } from './down/ack.ts';
import { batch } from './down/batch.ts';
import { connected } from './down/connected.ts';
import { deltaFrame } from './down/delta.ts';
import { drain } from './down/drain.ts';
import { errorFrame } from './down/error.ts';
import { eventFrame } from './down/event.ts';
import { page } from './down/page.ts';
import { ping } from './down/ping.ts';
import { presence } from './down/presence.ts';
import { snapshot } from './down/snapshot.ts';
import { typingDown } from './down/typing.ts';

/** Every frame a server may send. */
export const downFrame = z.discriminatedUnion('type', [
  connected,
  snapshot,
  page,
  deltaFrame,
  batch,
  ack,
  ping,
  presence,
  typingDown,
  eventFrame,
  drain,
  errorFrame,
]);
export type DownFrame = z.infer<typeof downFrame>;
