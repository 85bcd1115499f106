import type { ConversationRow } from '@roost/protocol';
import type { Audience } from './told.ts';

const NOBODY = { contactId: null, contactName: null, phoneNumber: null, address: null } as const;

/** Whose conversation it is, as events say it. */
export function aboutContact(conversation: ConversationRow | undefined) {
  const contact = conversation?.contact;
  if (!contact) return NOBODY;
  const { id, name, address } = contact;
  return {
    contactId: id,
    contactName: name === '' ? null : name,
    phoneNumber: address.startsWith('+') ? address : null,
    address,
  };
}

export function aboutConversation(conversation: ConversationRow) {
  return {
    conversationId: conversation.id,
    inboxId: conversation.inbox_id,
    ...aboutContact(conversation),
  };
}

/** Whoever may see the conversation. */
export function audienceOf({ kind, inbox_id, participants }: ConversationRow): Audience {
  return { inbox_id, user_ids: kind === 'direct' ? participants : null };
}
