/** Groups of routes, in the order in which documents show them. */
export const tags = {
  Sessions: 'Signing in and out.',
  Me: 'The person who asks.',
  Members: 'Who is in the organisation, and how they come in.',
  Tokens: 'API tokens.',
  Audit: 'What was administered.',
  Mail: 'The list of mail, and single messages.',
  Mailboxes: 'Where mail lies, and what is done with it there.',
  Rules: 'What becomes of mail that comes: filters of inboxes, policies of domains.',
  Quarantine: 'Mail that is kept from people, and what became of the rest. For owners and admins.',
  Conversations: 'What the team and its contacts say to each other.',
  Contacts: 'Whoever writes to the organisation.',
  Inboxes: 'Where things arrive, and who sees them.',
  WhatsApp: 'The webhook of WhatsApp, templates, and what has no place.',
  Visitors: 'People of a host application who write to one inbox, without an account.',
  Ingest: 'Messages that programs bring.',
  Search: 'Words lead to what holds them.',
  Webhooks: 'Other programs that hear of events.',
  Jobs: 'Long work with its progress: imports, exports, and what is deleted with age.',
  Server: 'The server itself: facts, health, figures, documents.',
} as const satisfies Record<string, string>;

export type Tag = keyof typeof tags;
