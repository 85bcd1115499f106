import { Failure } from './failures.ts';
import { inboxView } from './views/inbox.ts';
import { meView } from './views/me.ts';
import { messageView } from './views/message.ts';
import type { View } from './views/view.ts';

export type ChannelParams = Readonly<Record<string, unknown>>;

/** The ephemeral channel: who is here now. It has no rows and no place in the log (rule P1). */
export const PRESENCE_CHANNEL = 'presence';

/**
 * The view that a channel's name and parameters select.
 *
 * @param userId  who asks; `me` shows only them
 * @throws channel.unknown, filter.invalid
 */
export function viewOfChannel(channel: string, params: ChannelParams, userId: string): View {
  const colon = channel.indexOf(':');
  const name = colon === -1 ? channel : channel.slice(0, colon);
  const subject = colon === -1 ? null : channel.slice(colon + 1);
  if (name === 'inbox' && subject === null) return inboxView({ filter: textParam(params, 'filter') });
  if (name === 'me' && subject === null) return meView(userId);
  if (name === 'message' && subject) return messageView(subject);
  throw new Failure('channel.unknown', `There is no channel “${channel.slice(0, 80)}”.`);
}

function textParam(params: ChannelParams, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Failure('filter.invalid', `“${name}” must be text.`);
  return value;
}
