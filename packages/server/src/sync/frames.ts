import { type Cursor, type Failure, failures, type View } from '@roost/protocol';
import { deltaText, nameOf } from './channel.ts';

export function errorText(id: string | undefined, failure: Failure): string {
  const { remedy } = failures[failure.code];
  return JSON.stringify({
    type: 'error',
    ...(id === undefined ? {} : { id }),
    code: failure.code,
    message: failure.message,
    ...(failure.about === null ? {} : { about: failure.about }),
    remedy,
  });
}

/** Says that nothing happened, to somebody who asked. */
export function emptyDelta(view: View, from: number, cursor: Cursor): string {
  return deltaText(nameOf(view), from, cursor, { added: [], updated: [], deleted: [] });
}
