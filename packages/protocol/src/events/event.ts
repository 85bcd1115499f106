import { z } from 'zod';
import { contactEvents } from './contact.ts';
import { conversationEvents } from './conversation.ts';
import { messageEvents } from './message.ts';

/**
 * Named events, `category:action`: what happened, for notifications and for other programs. Data has camelCase fields.
 * They are derived from the log and never replayed on a socket: what is true, the views tell.
 */
export const eventData = { ...messageEvents, ...conversationEvents, ...contactEvents } as const;

export type EventName = keyof typeof eventData;
export type EventData<Name extends EventName> = z.infer<(typeof eventData)[Name]>;

/** One of them with its data: the envelope everywhere. */
export type NamedEvent = {
  [Name in EventName]: { readonly event: Name; readonly data: EventData<Name> };
}[EventName];

export const EVENT_NAMES = Object.keys(eventData) as readonly EventName[];
export const eventName = z.enum(EVENT_NAMES as [EventName, ...EventName[]]);
