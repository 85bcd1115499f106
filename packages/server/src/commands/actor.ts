import type { Role } from '@roost/protocol';

/** What an API token may be used for: `write` is what agents do, `ingest` bringing messages in. */
export const SCOPES = ['read', 'write', 'ingest', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Who asks. A member's role is never carried along: it is read in the transaction that acts on it, so that
 * a change of role or a removal holds from its commit on.
 */
export type Actor =
  | { readonly kind: 'member'; readonly user_id: string; readonly session_id: string }
  | {
      readonly kind: 'token';
      readonly user_id: string;
      readonly token_id: string;
      readonly scopes: readonly Scope[];
    }
  /** The server itself: ingest of mail, jobs, the command line. */
  | { readonly kind: 'system'; readonly name: string };

/** How the log and the audit name an actor. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'member':
      return `member:${actor.user_id}`;
    case 'token':
      return `token:${actor.token_id}`;
    case 'system':
      return `system:${actor.name}`;
  }
}

export interface Permission {
  /** Roles that may; the server itself always may. */
  readonly roles: readonly Role[];
  /** Scope that an API token needs besides its owner's role. Tokens may not at all when left out. */
  readonly scope?: Scope;
}

export const EVERY_ROLE: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];
export const ADMINS: readonly Role[] = ['owner', 'admin'];
