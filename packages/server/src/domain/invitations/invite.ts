import { Failure, normalAddress } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { assertMayRule } from '../members/owners.ts';
import { digest } from '../sessions/session.ts';

/** Invitations of one organisation that may be open at once. */
const OPEN_MAX = 1_000;

/**
 * Invites somebody, known on this server or not, by a link of which only the digest is kept. A second invitation to
 * an address takes the place of the first.
 *
 * @throws member.exists, inbox.unknown; access.forbidden  only owners make owners
 */
export const inviteMember = defineCommand({
  name: 'member.invite',
  input: z.object({
    email: z.email().max(320).transform(normalAddress),
    /** What to call them until they say so themselves. */
    name: z.string().trim().max(200).default(''),
    role,
    inbox_ids: z.array(z.string().max(64)).max(200).default([]),
    hash: digest,
    expires_at: z.int(),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ email, role, inbox_ids }) => ({ email, role, inbox_ids }),
  async run(context, input) {
    const { tx, org, actor, now } = context;
    await assertMayRule(context, input.role);
    const member = await tx.get<{ active: number }>(
      'select active from member join person on person.id = member.id where org = ? and email = ?',
      org,
      input.email,
    );
    if (member?.active === 0)
      throw new Failure('member.exists', 'This member was deactivated: reactivate them instead.');
    if (member) throw new Failure('member.exists');
    for (const id of input.inbox_ids) await knownInbox(tx, org, id);
    await tx.run('delete from invitation where org = ? and email = ?', org, input.email);
    const open = await tx.get<{ count: number }>(
      'select count(*) as count from invitation where org = ?',
      org,
    );
    if (Number(open?.count ?? 0) >= OPEN_MAX)
      throw new Failure('request.too_many', 'Too many invitations are open; take some back first.');
    const id = context.newId();
    await tx.insertMany('invitation', COLUMNS, [
      [
        org,
        id,
        input.hash,
        input.email,
        input.name,
        input.role,
        JSON.stringify([...new Set(input.inbox_ids)]),
        actor.kind === 'system' ? null : actor.user_id,
        now,
        input.expires_at,
      ],
    ]);
    return { invitation_id: id };
  },
});

const COLUMNS = [
  'org',
  'id',
  'hash',
  'email',
  'name',
  'role',
  'inbox_ids',
  'invited_by',
  'created_at',
  'expires_at',
] as const;

/** Takes an invitation back. @throws invitation.unknown */
export const revokeInvitation = defineCommand({
  name: 'invitation.revoke',
  input: z.object({ invitation_id: z.string() }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: (_, { email }: { email: string }) => ({ email }),
  async run({ tx, org }, { invitation_id }): Promise<{ email: string }> {
    const found = await tx.get<{ email: string }>(
      'select email from invitation where org = ? and id = ?',
      org,
      invitation_id,
    );
    if (!found) throw new Failure('invitation.unknown');
    await tx.run('delete from invitation where org = ? and id = ?', org, invitation_id);
    return found;
  },
});
