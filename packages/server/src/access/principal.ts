import type { Role } from '@roost/protocol';
import type { Actor } from '../commands/index.ts';

/** Who stands behind a token, as of a moment ago: commands and queries check again in their own transaction. */
export interface Principal {
  readonly org: string;
  readonly user_id: string;
  readonly actor: Actor;
  readonly role: Role;
  /** The session, or the API token, that speaks. Once it ends, so does everything opened with it. */
  readonly session_id: string;
  /** When the token runs out, ms since 1970 UTC; null for one that does not. */
  readonly expires_at: number | null;
  /** Signed in by a one-time link minutes ago: may set a password without knowing the old one. */
  readonly came_by_link: boolean;
  /** A host application vouches for them: for this organisation alone, and not for what outlives its token. */
  readonly from_host: boolean;
}

/** Somebody who asks for something of their own. */
export type Person = Omit<Principal, 'expires_at'>;
