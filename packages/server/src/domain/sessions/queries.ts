import type { Role } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, type Scope } from '../../commands/index.ts';

export interface SessionFound {
  readonly org: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly role: Role;
  readonly secret_hash: string;
  readonly expires_at: number;
}

/** A live session of a present member; null when either is gone. */
export const findSession = defineQuery({
  name: 'session.find',
  input: z.object({ session_id: z.string() }),
  may: { roles: [] },
  async run({ tx }, { session_id }): Promise<SessionFound | null> {
    const found = await tx.get<SessionFound>(
      `select session.org as org, session.id as session_id, session.user_id, role, secret_hash, expires_at
         from session join member on member.org = session.org and member.id = session.user_id where session.id = ?`,
      session_id,
    );
    return found ?? null;
  },
});

export interface ApiTokenFound {
  readonly org: string;
  readonly token_id: string;
  readonly user_id: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
}

export const findApiToken = defineQuery({
  name: 'api_token.find',
  input: z.object({ hash: z.string() }),
  may: { roles: [] },
  async run({ tx }, { hash }): Promise<ApiTokenFound | null> {
    const found = await tx.get<Omit<ApiTokenFound, 'scopes'> & { scopes: string }>(
      `select api_token.org as org, api_token.id as token_id, api_token.user_id, role, scopes
         from api_token join member on member.org = api_token.org and member.id = api_token.user_id where hash = ?`,
      hash,
    );
    return found ? { ...found, scopes: found.scopes.split(' ') as Scope[] } : null;
  },
});

/** Which organisation a sign-in link belongs to. */
export const findSignInLink = defineQuery({
  name: 'sign_in_link.find',
  input: z.object({ hash: z.string() }),
  may: { roles: [] },
  async run({ tx }, { hash }): Promise<string | null> {
    const found = await tx.get<{ org: string }>('select org from sign_in_link where hash = ?', hash);
    return found?.org ?? null;
  },
});
