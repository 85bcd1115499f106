import type { ConversationRow, EventData, EventName, NamedEvent } from '@roost/protocol';

/** Who may hear of an event: whoever may see the rows it was made from. */
export interface Audience {
  /** Inbox that must not be hidden from them; null where it is of none. */
  readonly inbox_id: string | null;
  /** Only these; null for everybody. */
  readonly user_ids: readonly string[] | null;
}

export interface ToldEvent {
  readonly event: NamedEvent;
  readonly audience: Audience;
}

/** What the events of an entry share. */
export interface Said {
  readonly timestamp: string;
  /** Conversations of the entry, as they are after it. */
  readonly conversations: ReadonlyMap<string, ConversationRow>;
}

export function told<Name extends EventName>(
  event: Name,
  data: EventData<Name>,
  audience: Audience,
): ToldEvent {
  return { event: { event, data } as NamedEvent, audience };
}
