import type { Role } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand, defineQuery } from '../../commands/index.ts';
import { endSessionsOf } from '../sessions/session.ts';

/** The most a host application may make of anybody. Never an owner: those are made by owners alone. */
export const HOST_ROLES = ['admin', 'agent', 'viewer'] as const satisfies readonly Role[];
export type HostRole = (typeof HOST_ROLES)[number];

/** Whose tokens an organisation trusts to say who its users are. Either of `secret` and `jwks_url` is there. */
export interface HostTrust {
  readonly issuer: string;
  readonly audience: string;
  /** Shared with the host: HMAC SHA-256. */
  readonly secret: string | null;
  /** Where the host's public keys are. Only ever what the server's own administrator has written. */
  readonly jwks_url: string | null;
  readonly role_max: HostRole;
}

const trust = z
  .object({
    // “roost” is how this server signs itself.
    issuer: z
      .string()
      .min(1)
      .max(200)
      .refine((issuer) => issuer !== 'roost'),
    audience: z.string().min(1).max(200),
    secret: z.string().min(32).max(1024).nullable(),
    jwks_url: z.string().max(1000).nullable(),
    role_max: z.enum(HOST_ROLES),
  })
  .refine(({ secret, jwks_url }) => (secret === null) !== (jwks_url === null), {
    error: 'Either a secret or an address of keys.',
  });

/**
 * Says whose tokens this organisation trusts from now on, or nobody's. Sessions made of earlier ones end. Only the
 * server itself may: an address to fetch keys from is not for members to choose.
 */
export const trustHost = defineCommand({
  name: 'host.trust',
  input: z.object({ trust: trust.nullable() }),
  may: { roles: [] },
  audited: ({ trust }) => ({
    issuer: trust?.issuer ?? null,
    audience: trust?.audience ?? null,
    role_max: trust?.role_max ?? null,
  }),
  async run(context, { trust }) {
    const { tx, org } = context;
    await tx.run('delete from host_access where org = ?', org);
    if (trust) {
      await tx.insertMany(
        'host_access',
        ['org', 'issuer', 'audience', 'secret', 'jwks_url', 'role_max'],
        [[org, trust.issuer, trust.audience, trust.secret, trust.jwks_url, trust.role_max]],
      );
    }
    const held = await tx.all<{ user_id: string }>(
      `select distinct user_id from session where org = ? and kind = 'host' order by user_id`,
      org,
    );
    for (const { user_id } of held) await endSessionsOf(context, user_id, null);
  },
});

/** For the server itself. */
export const readHostTrust = defineQuery({
  name: 'host.trusted',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org }): Promise<HostTrust | null> {
    const found = await tx.get<HostTrust>(
      'select issuer, audience, secret, jwks_url, role_max from host_access where org = ?',
      org,
    );
    return found ?? null;
  },
});
