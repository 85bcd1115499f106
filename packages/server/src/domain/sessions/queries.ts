import type { Role } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineQuery, type Scope } from '../../commands/index.ts';
import type { SessionKind } from './session.ts';

export interface SessionFound {
  readonly org: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly kind: SessionKind;
  readonly role: Role;
  readonly seed: string;
  readonly expires_at: number;
}

/** A live session of a present, active member; null when either is gone. */
export const findSession = defineQuery({
  name: 'session.find',
  input: z.object({ session_id: z.string() }),
  may: { roles: [] },
  async run({ tx }, { session_id }): Promise<SessionFound | null> {
    const found = await tx.get<SessionFound>(
      `select session.org as org, session.id as session_id, session.user_id, session.kind, role, seed, expires_at
         from session join member on member.org = session.org and member.id = session.user_id
         where session.id = ? and active = 1`,
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
  readonly last_used_at: number;
  readonly expires_at: number | null;
}

export const findApiToken = defineQuery({
  name: 'api_token.find',
  input: z.object({ hash: z.string() }),
  may: { roles: [] },
  async run({ tx }, { hash }): Promise<ApiTokenFound | null> {
    const found = await tx.get<Omit<ApiTokenFound, 'scopes'> & { scopes: string }>(
      `select api_token.org as org, api_token.id as token_id, api_token.user_id, role, scopes, last_used_at, expires_at
         from api_token join member on member.org = api_token.org and member.id = api_token.user_id
         where hash = ? and active = 1`,
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

export interface SessionListed {
  readonly org: string;
  readonly org_name: string;
  readonly id: string;
  readonly kind: SessionKind;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number;
  readonly user_agent: string;
  readonly ip: string;
}

/** Where a person is signed in, the newest first: in every organisation of theirs, or in one. */
export const listSessionsOf = defineQuery({
  name: 'session.list',
  input: z.object({ user_id: z.string(), only_org: z.string().nullable(), now: z.int() }),
  may: { roles: [] },
  run: ({ tx }, { user_id, only_org, now }) =>
    tx.all<SessionListed>(
      `select session.org as org, organisation.name as org_name, session.id as id, kind, session.created_at as created_at,
          last_used_at, expires_at, user_agent, ip
         from session join organisation on organisation.id = session.org
         where user_id = ? and (? = '' or session.org = ?) and expires_at > ?
         order by session.created_at desc, session.id desc`,
      user_id,
      only_org ?? '',
      only_org ?? '',
      now,
    ),
});

export interface ApiTokenListed {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: number;
  /** 0 for one never used. */
  readonly last_used_at: number;
  readonly expires_at: number | null;
}

const tokensOf = z.object({ user_id: z.string().nullable() });

/** API tokens of this organisation, or of one person in it, the newest first. For the server, which asks for the asker's own. */
export const listApiTokens = defineQuery({
  name: 'api_token.list',
  input: tokensOf,
  may: { roles: ADMINS, scope: 'admin' },
  async run({ tx, org }, { user_id }): Promise<ApiTokenListed[]> {
    const found = await tx.all<Omit<ApiTokenListed, 'scopes'> & { scopes: string }>(
      `select id, user_id, name, scopes, created_at, last_used_at, expires_at from api_token
         where org = ? and (? = '' or user_id = ?) order by created_at desc, id desc`,
      org,
      user_id ?? '',
      user_id ?? '',
    );
    return found.map((token) => ({ ...token, scopes: token.scopes.split(' ') as Scope[] }));
  },
});
