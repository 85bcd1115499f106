import { z } from 'zod';
import { ADMINS, defineCommand, defineQuery } from '../../commands/index.ts';

/** Of one organisation; the oldest go first. */
const KEPT_MAX = 1_000;

export interface Leftover {
  readonly id: string;
  readonly phone_number_id: string | null;
  /** `message`, `status` … of a number that no inbox has; `error`, `notice`, `unknown` of any. */
  readonly what: string;
  readonly says: string;
  /** JSON text. */
  readonly raw: string;
  /** ms since 1970 UTC. */
  readonly at: number;
}

const leftover = z.object({
  phone_number_id: z.string().nullable(),
  what: z.string(),
  says: z.string().max(2_000),
  raw: z.string(),
});

/** Keeps what came and has no place, so that somebody can look at it, and what came for a number until it has an inbox. */
export const keepLeftovers = defineCommand({
  name: 'whatsapp.keep_leftovers',
  input: z.object({ leftovers: z.array(leftover).min(1).max(1_000) }),
  may: { roles: [] },
  weight: ({ leftovers }) => leftovers.length,
  async run(context, { leftovers }): Promise<void> {
    const { tx, org, now } = context;
    const fresh: (typeof leftovers)[number][] = [];
    for (const one of leftovers) {
      // The platform comes again when it did not hear us.
      const known = await tx.get(
        'select 1 as one from whatsapp_leftover where org = ? and what = ? and raw = ? limit 1',
        org,
        one.what,
        one.raw,
      );
      if (!known) fresh.push(one);
    }
    if (fresh.length === 0) return;
    await tx.insertMany(
      'whatsapp_leftover',
      ['org', 'id', 'phone_number_id', 'what', 'says', 'raw', 'at'],
      fresh.map(({ phone_number_id, what, says, raw }) => [
        org,
        context.newId(),
        phone_number_id,
        what,
        says,
        raw,
        now,
      ]),
    );
    await tx.run(
      `delete from whatsapp_leftover where org = ? and id in (
         select id from whatsapp_leftover where org = ? order by at desc, id desc limit 1000000 offset ?)`,
      org,
      org,
      KEPT_MAX,
    );
  },
});

/** What is kept, newest first. */
export const listLeftovers = defineQuery({
  name: 'whatsapp.leftovers',
  input: z.object({ limit: z.int().min(1).max(KEPT_MAX) }),
  may: { roles: ADMINS, scope: 'admin' },
  run: ({ tx, org }, { limit }) =>
    tx.all<Leftover>(
      `select id, phone_number_id, what, says, raw, at from whatsapp_leftover where org = ?
        order by at desc, id desc limit ?`,
      org,
      limit,
    ),
});

/** What came for a number while no inbox had it, oldest first. */
export const leftoversOfNumber = defineQuery({
  name: 'whatsapp.leftovers_of_number',
  input: z.object({ phone_number_id: z.string() }),
  may: { roles: [] },
  run: ({ tx, org }, { phone_number_id }) =>
    tx.all<Leftover>(
      `select id, phone_number_id, what, says, raw, at from whatsapp_leftover
        where org = ? and phone_number_id = ? and what in ('message', 'status') order by at, id limit 100`,
      org,
      phone_number_id,
    ),
});

/** Forgets what has found its place. */
export const dropLeftovers = defineCommand({
  name: 'whatsapp.drop_leftovers',
  input: z.object({ ids: z.array(z.string()).min(1).max(1_000) }),
  may: { roles: [] },
  async run({ tx, org }, { ids }): Promise<void> {
    for (const id of ids) await tx.run('delete from whatsapp_leftover where org = ? and id = ?', org, id);
  },
});
