import type { DownFrame, UpFrame } from '@roost/protocol';

interface UpWords {
  readonly says: string;
  /** Frames that answer it besides `error`; none where nothing does. */
  readonly answeredBy: readonly DownFrame['type'][];
}

/** What each frame of a client says. */
export const upWords: Readonly<Record<UpFrame['type'], UpWords>> = {
  hello: {
    says: 'The first frame of a connection, within five seconds. With `cursor` only what came after it is sent.',
    answeredBy: ['connected'],
  },
  subscribe: {
    says: 'Opens a channel. With `cursor` the reader holds the channel as of then and asks only for what came after.',
    answeredBy: ['snapshot', 'delta'],
  },
  unsubscribe: {
    says: 'Ends the subscription of this `id`. Deltas on their way may still arrive.',
    answeredBy: [],
  },
  fetch: {
    says: 'Asks for the rows below `params.before`, the `next` of the page above.',
    answeredBy: ['page'],
  },
  read: {
    says: 'I have read what arrived up to this offset, in one conversation or everywhere.',
    answeredBy: ['ack'],
  },
  send: {
    says: 'Sends a message in a conversation. `id` is the client’s own for it: the same again is sent once.',
    answeredBy: ['ack'],
  },
  typing: { says: 'I am typing in `scope`. Forgotten by itself after six seconds.', answeredBy: [] },
  presence: {
    says: 'Whether I look at the page: somebody whose every connection is away is shown as away.',
    answeredBy: [],
  },
  auth: {
    says: 'A fresh token for the same person; the connection goes on.',
    answeredBy: ['ack'],
  },
  pong: {
    says: 'Answers `ping`. Any other frame says just as well that the client is there.',
    answeredBy: [],
  },
};

/** What each frame of the server says. */
export const downWords: Readonly<Record<DownFrame['type'], string>> = {
  connected:
    'Answers `hello`. The next `frames` frames bring every subscription to `cursor`; after them the reader is live.',
  snapshot: 'The top of a channel as of `cursor`; replaces what the reader held of it.',
  page: 'Answers `fetch`: rows below the ones held, as of the reader’s own position.',
  delta:
    'What changed in a channel. A reader whose position is before `prev` missed something and asks again with its cursor; at or past `offset` it has seen this and ignores it.',
  batch: 'The next `frames` frames are one cut of the store: show them together or not at all.',
  ack: 'A write took effect at `offset`. The same `id` again gets the same answer.',
  ping: 'Are you there? `cursor` is where the connection stands: nothing up to it is missing.',
  presence:
    'Somebody is here, or no longer; with `scope`, they have that channel open. Holds for `lifetime_ms` unless said again.',
  event:
    'Something happened, for whoever subscribed to `events` and may see it. Told once, live; the fields of `data` depend on the event.',
  typing: 'Somebody is typing in `scope`; stop showing it after `lifetime_ms`.',
  drain:
    'This server is about to close the connection; come back after the delay, which differs from client to client.',
  error:
    'A request failed, or the connection is about to be closed. `id` names the request where one is at fault.',
};
