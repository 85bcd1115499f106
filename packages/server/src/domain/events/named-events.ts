import type { Change, ConversationRow, EntityKind, MessageRow } from '@roost/protocol';
import { contactUpdated } from './contact-events.ts';
import { conversationCreated, conversationEvents, readBy, unreadUpdated } from './conversation-events.ts';
import { messageEvents } from './message-events.ts';
import type { ToldEvent } from './told.ts';

/** What events are made from: an entry of the log. */
export interface Happened {
  /** ms since 1970. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/**
 * The named events of a log entry, in the order in which they are told. They hold nothing that the entry's rows do not,
 * and go to nobody who may not see those. An entry that does not say whose something is gives no event of it.
 */
export function namedEvents({ at, changes }: Happened): ToldEvent[] {
  const timestamp = new Date(at).toISOString();
  const folded = foldedChanges(changes);
  const conversations = new Map<string, ConversationRow>();
  for (const { id, after } of ofKind(folded, 'conversation')) if (after) conversations.set(id, after);
  const said = { timestamp, conversations };
  const messages = ofKind(folded, 'message').flatMap(asSeen);
  return [
    ...ofKind(folded, 'contact').flatMap((change) => contactUpdated(change, timestamp)),
    ...ofKind(folded, 'conversation').flatMap((change) => conversationCreated(change, timestamp)),
    ...messages.flatMap((change) => messageEvents(change, said)),
    ...ofKind(folded, 'conversation').flatMap((change) => conversationEvents(change, timestamp)),
    ...unreadUpdated(messages, said),
    ...ofKind(folded, 'read').flatMap((change) => readBy(change, said)),
  ];
}

/** Each entity once: as it was before the entry, and as it is after it. */
function foldedChanges(changes: readonly Change[]): readonly Change[] {
  const folded = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.kind} ${change.id}`;
    const known = folded.get(key);
    folded.set(key, known ? { ...change, before: known.before } : change);
  }
  return [...folded.values()];
}

/** No event tells of mail in quarantine, to nobody: what is let out has come, and what is put in is gone. */
function asSeen(change: Change<'message'>): Change<'message'>[] {
  const seen = (row: MessageRow | null) => (row?.mail?.decision === 'QUARANTINE' ? null : row);
  const [before, after] = [seen(change.before), seen(change.after)];
  return before === null && after === null ? [] : [{ ...change, before, after }];
}

function ofKind<Kind extends EntityKind>(changes: readonly Change[], kind: Kind): Change<Kind>[] {
  return changes.filter((change) => change.kind === kind) as Change[] as Change<Kind>[];
}
