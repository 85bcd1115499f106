/** Groups of routes, in the order in which documents show them. */
export const tags = {
  Sessions: 'Signing in and out.',
  Me: 'The person who asks.',
  Mail: 'The list of mail, and single messages.',
  Ingest: 'Messages that programs bring.',
  Server: 'The server itself: facts, health, figures, documents.',
} as const satisfies Record<string, string>;

export type Tag = keyof typeof tags;
