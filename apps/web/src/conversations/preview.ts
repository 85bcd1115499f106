import type { ConversationRow } from '@roost/protocol';

/** A conversation's newest message as a list tells it: who said it, and what. */
export interface Preview {
  /** `You`, a colleague's first name, `Note by …`; empty for the contact and for the server itself. */
  readonly who: string;
  readonly what: string;
  readonly isNote: boolean;
}

/** @param nameOf  a member's name by user id; `myId` is `You` */
export function previewOf(
  { last_message: last, subject }: ConversationRow,
  myId: string,
  nameOf: (userId: string) => string,
): Preview {
  if (last === null) return { who: '', what: subject || 'No messages yet', isNote: false };
  const what = last.snippet || 'A message without text';
  const isNote = last.kind === 'note';
  if (last.kind === 'system' || (last.kind === 'inbound' && last.author_id === null))
    return { who: '', what, isNote };
  const name =
    last.author_id === null ? 'API' : last.author_id === myId ? 'You' : firstName(nameOf(last.author_id));
  return { who: isNote ? (name === 'You' ? 'Your note' : `Note by ${name}`) : name, what, isNote };
}

export function firstName(name: string): string {
  return name.split(/[\s@]/)[0] || name;
}

/** What people call a conversation: the contact's name or address, or for a direct one its subject or who is in it. */
export function titleOf(row: ConversationRow, myId: string, nameOf: (userId: string) => string): string {
  if (row.kind === 'contact') return row.contact?.name || row.contact?.address || 'Unknown contact';
  if (row.subject) return row.subject;
  const others = row.participants.filter((id) => id !== myId).map(nameOf);
  return others.join(', ') || 'Just you';
}
