import type { Role } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Actor, type Engine, type LogEntry, StoreEngine } from '../../commands/index.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { Node, system } from '../../commands/testing/node.ts';
import type { Database } from '../../store/database.ts';
import { commands, queries, registry } from '../index.ts';
import { RENEWAL_GRACE_MS } from '../sessions/rotate.ts';

const DAY_MS = 24 * 60 * 60_000;
let drawn = 0;
/** As long as a digest, and never the same twice. */
const digest = () => {
  drawn += 1;
  return `${drawn}`.padStart(43, 'd');
};
const member = (user_id: string): Actor => ({ kind: 'member', user_id, session_id: 's' });

/** What holds of people, sessions, invitations and the audit on every store. */
export function peopleContract(open: () => Promise<{ database: Database; close(): Promise<void> }>): void {
  let clock: ManualClock;
  let engine: Engine;
  let node: Node;
  let close: () => Promise<void>;
  let org: string;
  let ownerId: string;
  beforeEach(async () => {
    clock = new ManualClock();
    const opened = await open();
    close = opened.close;
    engine = new StoreEngine(opened.database, registry, clock, Math.random);
    node = new Node(engine);
    org = 'here';
    ({ ownerId } = await node.found(org));
  });
  afterEach(async () => {
    await node.bus.idle();
    await engine.close();
    await close();
    expect(node.unexpected).toEqual([]);
  });

  const add = async (role: Role, email = `${role}@here.test`, at = org): Promise<string> => {
    const input = { email, name: '', role, password_hash: null };
    return (await node.bus.execute(commands.addMember, { org: at, actor: system, input })).result.id;
  };
  const session = () => ({
    seed: digest(),
    expires_at: clock.now() + 30 * DAY_MS,
    from: { user_agent: 'a browser', ip: '192.0.2.1' },
  });
  const signIn = async (user_id: string, at = org): Promise<string> => {
    const input = { user_id, ...session() };
    return (await node.bus.execute(commands.openSession, { org: at, actor: system, input })).result
      .session_id;
  };
  const liveSession = (session_id: string) =>
    node.bus.query(queries.findSession, { org, actor: system, input: { session_id } });
  const members = async () =>
    (await node.bus.query(queries.listMembers, { org, actor: system, input: {} })).map(
      ({ email, role, active }) => `${role} ${email}${active === 1 ? '' : ' barred'}`,
    );
  const audit = async (filter: object = {}, actor: Actor = system) =>
    await node.bus.query(queries.listAudit, { org, actor, input: { ...noFilter, ...filter } });
  const noFilter = { actor: null, command: null, from: null, until: null, before: null, limit: 50 };

  describe('roles', () => {
    const change = (actor: Actor, user_id: string, role: Role) =>
      node.bus.execute(commands.changeRole, { org, actor, input: { user_id, role } });

    test('change at once, for commands as for the log', async () => {
      const id = await add('agent');
      const before = node.committed.length;
      await change(member(ownerId), id, 'viewer');
      expect(kindsIn(node.committed.slice(before))).toEqual(expect.arrayContaining(['member', 'me']));
      expect(await members()).toContain('viewer agent@here.test');
      await expect(change(member(id), id, 'admin')).rejects.toMatchObject({ code: 'access.forbidden' });
    });

    test('of owners are for owners to give and to take, and the last one stays', async () => {
      const admin = await add('admin');
      const refused = { code: 'access.forbidden' };
      await expect(change(member(admin), admin, 'owner')).rejects.toMatchObject(refused);
      await expect(change(member(admin), ownerId, 'agent')).rejects.toMatchObject(refused);
      await expect(change(member(ownerId), ownerId, 'admin')).rejects.toThrow(/last owner/);
      await expect(add('owner', 'second@here.test')).resolves.toBeTruthy();
      const input = { email: 'third@here.test', name: '', role: 'owner' as const, password_hash: null };
      await expect(
        node.bus.execute(commands.addMember, { org, actor: member(admin), input }),
      ).rejects.toMatchObject(refused);
      await expect(
        node.bus.execute(commands.removeMember, { org, actor: member(admin), input: { user_id: ownerId } }),
      ).rejects.toMatchObject(refused);
      await change(member(ownerId), ownerId, 'admin');
      expect((await members()).filter((one) => one.startsWith('owner'))).toEqual(['owner second@here.test']);
    });

    test('an owner who was barred does not count as the last one', async () => {
      const second = await add('owner', 'second@here.test');
      await node.bus.execute(commands.deactivateMember, { org, actor: system, input: { user_id: second } });
      await expect(change(member(ownerId), ownerId, 'admin')).rejects.toThrow(/last owner/);
    });

    test('two owners who demote each other at once leave one', async () => {
      const second = await add('owner', 'second@here.test');
      const both = await Promise.allSettled([
        change(member(ownerId), second, 'agent'),
        change(member(second), ownerId, 'agent'),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await members()).filter((one) => one.startsWith('owner'))).toHaveLength(1);
    });
  });

  describe('somebody who is deactivated', () => {
    test('loses sessions, tokens and links with one entry, and keeps their name', async () => {
      const id = await add('agent');
      const [session_id, hash] = [await signIn(id), digest()];
      const token = { user_id: id, hash, name: 'ci', scopes: ['read' as const], expires_at: null };
      await node.bus.execute(commands.createApiToken, { org, actor: member(id), input: token });
      const link = { user_id: id, hash: digest(), expires_at: clock.now() + DAY_MS };
      await node.bus.execute(commands.createSignInLink, { org, actor: system, input: link });
      const before = node.committed.length;
      await node.bus.execute(commands.deactivateMember, {
        org,
        actor: member(ownerId),
        input: { user_id: id },
      });
      expect(node.committed).toHaveLength(before + 1);
      expect(kindsIn(node.committed.slice(before)).filter((kind) => kind === 'session')).toHaveLength(2);
      expect(await liveSession(session_id)).toBeNull();
      expect(await node.bus.query(queries.findApiToken, { org, actor: system, input: { hash } })).toBeNull();
      expect(
        await node.bus.query(queries.findSignInLink, { org, actor: system, input: { hash: link.hash } }),
      ).toBeNull();
      expect(await members()).toContain('agent agent@here.test barred');
      await expect(signIn(id)).rejects.toMatchObject({ code: 'member.unknown' });
      await expect(
        node.bus.execute(commands.markRead, { org, actor: member(id), input: { user_id: id, up_to: 1 } }),
      ).rejects.toMatchObject({ code: 'access.forbidden' });
      const credentials = await node.bus.query(queries.readCredentials, {
        org: '',
        actor: system,
        input: { email: 'agent@here.test' },
      });
      expect(credentials?.orgs).toEqual([]);
    });

    test('may sign in anew once they were reactivated', async () => {
      const id = await add('agent');
      const input = { user_id: id };
      await node.bus.execute(commands.deactivateMember, { org, actor: system, input });
      await node.bus.execute(commands.reactivateMember, { org, actor: member(ownerId), input });
      expect(await liveSession(await signIn(id))).toMatchObject({ user_id: id, role: 'agent' });
    });
  });

  test('somebody removed leaves every inbox, and their invitations are void', async () => {
    const id = await add('admin');
    const { result: inbox } = await node.bus.execute(commands.createInbox, {
      org,
      actor: system,
      input: {
        kind: 'mail',
        address: 'desk@here.example',
        access: 'members',
        member_ids: [id],
        settings: {},
      },
    });
    const hash = digest();
    await invite(member(id), 'eve@here.test', { hash });
    await node.bus.execute(commands.removeMember, { org, actor: member(ownerId), input: { user_id: id } });
    const inboxes = await node.bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
    expect(inboxes.find((one) => one.id === inbox.id)?.member_ids).toEqual([]);
    await expect(accept(hash)).rejects.toMatchObject({ code: 'invitation.unknown' });
  });

  const invite = (
    actor: Actor,
    email: string,
    more: { hash?: string; role?: Role; inbox_ids?: string[] } = {},
  ) =>
    node.bus.execute(commands.inviteMember, {
      org,
      actor,
      input: {
        email,
        name: 'As invited',
        role: 'agent',
        inbox_ids: [],
        hash: digest(),
        expires_at: clock.now() + DAY_MS,
        ...more,
      },
    });
  const accept = (hash: string, more: object = {}) =>
    node.bus.execute(commands.acceptInvitation, {
      org,
      actor: system,
      input: {
        hash,
        name: '',
        password_hash: 'argon',
        proved_user_id: null,
        session: session(),
        ...more,
      },
    });

  describe('an invitation', () => {
    test('makes a member once, with the role and inboxes that it says', async () => {
      const { result: inbox } = await node.bus.execute(commands.createInbox, {
        org,
        actor: system,
        input: {
          kind: 'mail',
          address: 'desk@here.example',
          access: 'members',
          member_ids: [],
          settings: {},
        },
      });
      const hash = digest();
      await invite(member(ownerId), 'Eve@Here.test', { hash, inbox_ids: [inbox.id] });
      const both = await Promise.allSettled([accept(hash), accept(hash)]);
      const made = both.filter((one) => one.status === 'fulfilled');
      expect(made).toHaveLength(1);
      const { user_id, session_id } = (made[0] as PromiseFulfilledResult<Awaited<ReturnType<typeof accept>>>)
        .value.result;
      expect(await liveSession(session_id)).toMatchObject({ user_id, role: 'agent' });
      expect(await members()).toContain('agent eve@here.test');
      const inboxes = await node.bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
      expect(inboxes.find((one) => one.id === inbox.id)?.member_ids).toEqual([user_id]);
    });

    test('is good until its time, and until another takes its place or it is taken back', async () => {
      const [first, second, third] = [digest(), digest(), digest()];
      await invite(system, 'eve@here.test', { hash: first });
      await invite(system, 'eve@here.test', { hash: second });
      await expect(accept(first)).rejects.toMatchObject({ code: 'invitation.unknown' });
      const [open] = await node.bus.query(queries.listInvitations, {
        org,
        actor: member(ownerId),
        input: {},
      });
      const input = { invitation_id: open?.id as string };
      await node.bus.execute(commands.revokeInvitation, { org, actor: member(ownerId), input });
      await expect(accept(second)).rejects.toMatchObject({ code: 'invitation.unknown' });
      await invite(system, 'eve@here.test', { hash: third });
      clock.advance(DAY_MS);
      await expect(accept(third)).rejects.toMatchObject({ code: 'invitation.unknown' });
    });

    test('opens nobody’s account: who has one here proves that it is theirs', async () => {
      await node.found('there');
      const elsewhere = await add('agent', 'ann@there.test', 'there');
      const hash = digest();
      await invite(member(ownerId), 'ann@there.test', { hash });
      await expect(accept(hash)).rejects.toMatchObject({ code: 'credentials.wrong' });
      await expect(accept(hash, { proved_user_id: ownerId })).rejects.toMatchObject({
        code: 'credentials.wrong',
      });
      const { result } = await accept(hash, { password_hash: null, proved_user_id: elsewhere });
      expect(result.user_id).toBe(elsewhere);
    });

    test('of an owner is for owners, and of a member is none', async () => {
      const admin = await add('admin');
      await expect(invite(member(admin), 'eve@here.test', { role: 'owner' })).rejects.toMatchObject({
        code: 'access.forbidden',
      });
      await expect(invite(system, 'admin@here.test')).rejects.toMatchObject({ code: 'member.exists' });
      await expect(invite(system, 'eve@here.test', { inbox_ids: ['none'] })).rejects.toMatchObject({
        code: 'inbox.unknown',
      });
    });
  });

  describe('a session’s refresh keys', () => {
    const rotate = async (session_id: string, generation: number) =>
      (
        await node.bus.execute(commands.rotateSession, {
          org,
          actor: system,
          input: { session_id, generation },
        })
      ).result;

    test('replace one another; the one before is good for a moment more', async () => {
      const id = await signIn(ownerId);
      expect(await rotate(id, 0)).toEqual({ state: 'renewed', generation: 1 });
      clock.advance(RENEWAL_GRACE_MS);
      expect(await rotate(id, 0)).toEqual({ state: 'renewed', generation: 1 });
      expect(await rotate(id, 1)).toEqual({ state: 'renewed', generation: 2 });
      expect(await rotate(id, 1)).toEqual({ state: 'renewed', generation: 2 });
      clock.advance(RENEWAL_GRACE_MS + 1);
      expect(await rotate(id, 1)).toEqual({ state: 'replayed' });
      expect(await rotate(id, 2)).toEqual({ state: 'renewed', generation: 3 });
      expect(await rotate(id, 1)).toEqual({ state: 'replayed' });
    });

    test('of two tabs that renew at once are the same next one', async () => {
      const id = await signIn(ownerId);
      const tabs = await Promise.all([rotate(id, 0), rotate(id, 0), rotate(id, 0)]);
      expect(new Set(tabs.map((tab) => JSON.stringify(tab)))).toEqual(
        new Set([JSON.stringify({ state: 'renewed', generation: 1 })]),
      );
    });

    test('later than the store knows are genuine: a backup was restored', async () => {
      expect(await rotate(await signIn(ownerId), 7)).toEqual({ state: 'renewed', generation: 8 });
    });

    test('a replay ends the session once, and the audit says so', async () => {
      const session_id = await signIn(ownerId);
      const end = () =>
        node.bus.execute(commands.endReplayedSession, {
          org,
          actor: system,
          input: { session_id, ip: '192.0.2.9' },
        });
      await end();
      await end();
      expect(await liveSession(session_id)).toBeNull();
      const { rows } = await audit({ command: 'session.end_replayed' });
      expect(rows.map(({ says }) => says)).toEqual([
        'The server ended a session of owner@here.test: one of its earlier keys was used again, from 192.0.2.9.',
      ]);
    });
  });

  test('a new password ends every other session here, and the own one goes on', async () => {
    const [kept, other] = [await signIn(ownerId), await signIn(ownerId)];
    const input = { user_id: ownerId, password_hash: 'argon', kept_session_id: kept };
    await node.bus.execute(commands.setPassword, { org, actor: system, input });
    expect(await liveSession(kept)).not.toBeNull();
    expect(await liveSession(other)).toBeNull();
  });

  describe('an API token', () => {
    const make = (actor: Actor, user_id: string, expires_at: number | null = null) =>
      node.bus.execute(commands.createApiToken, {
        org,
        actor,
        input: { user_id, hash: digest(), name: 'ci', scopes: ['write', 'read', 'write'], expires_at },
      });

    test('is made for oneself, and ended by oneself or an admin', async () => {
      const agent = await add('agent');
      const { token_id } = (await make(member(agent), agent)).result;
      await expect(make(member(agent), ownerId)).rejects.toMatchObject({ code: 'access.forbidden' });
      const viewer = await add('viewer');
      const revoke = (actor: Actor) =>
        node.bus.execute(commands.revokeApiToken, { org, actor, input: { token_id } });
      await expect(revoke(member(viewer))).rejects.toMatchObject({ code: 'token.unknown' });
      const tokens = await node.bus.query(queries.listApiTokens, {
        org,
        actor: member(ownerId),
        input: { user_id: null },
      });
      expect(tokens).toMatchObject([
        { id: token_id, user_id: agent, scopes: ['write', 'read'], last_used_at: 0 },
      ]);
      await node.bus.execute(commands.revokeAnyApiToken, {
        org,
        actor: member(ownerId),
        input: { token_id },
      });
      await expect(revoke(member(agent))).rejects.toMatchObject({ code: 'token.unknown' });
    });

    test('whose time is over is dropped', async () => {
      await make(system, ownerId, clock.now() + DAY_MS);
      await make(system, ownerId, null);
      clock.advance(DAY_MS);
      await node.bus.execute(commands.dropExpiredSessions, { org, actor: system, input: {} });
      const left = await node.bus.query(queries.listApiTokens, {
        org,
        actor: system,
        input: { user_id: null },
      });
      expect(left.map(({ expires_at }) => expires_at)).toEqual([null]);
    });
  });

  describe('whom a host application vouches for', () => {
    const enter = async (user: object = {}) =>
      (
        await node.bus.execute(commands.enterFromHost, {
          org,
          actor: system,
          input: {
            user: {
              external_id: '7',
              role: 'agent',
              role_max: 'agent',
              name: 'Ivo',
              email: 'ivo@shop.example',
              issued_at: Math.floor(clock.now() / 1000) * 1000,
              ...user,
            },
            session: session(),
          },
        })
      ).result;

    test('becomes a member the first time, and stays one person', async () => {
      const first = await enter();
      expect(await members()).toContain('agent ivo@shop.example');
      clock.advance(5_000);
      const again = await enter();
      expect(again).toMatchObject({ user_id: first.user_id, session_id: first.session_id, did: null });
      const { rows } = await audit({ command: 'host.' });
      expect(rows.map(({ says }) => says)).toEqual([
        'The server let in Ivo as agent, whom the host application vouches for.',
      ]);
    });

    test('has the role that the host says, never above what it may give', async () => {
      const { user_id } = await enter({ role: 'owner' });
      expect(await members()).toContain('agent ivo@shop.example');
      await enter({ role: 'viewer', name: 'Ivo the second' });
      expect(await members()).toContain('viewer ivo@shop.example');
      await node.bus.execute(commands.changeRole, { org, actor: system, input: { user_id, role: 'admin' } });
      await expect(enter()).rejects.toMatchObject({ code: 'access.forbidden' });
    });

    test('is whoever has this address here already, unless they are above what the host may speak for', async () => {
      const agent = await add('agent');
      expect(await enter({ email: 'Agent@here.test' })).toMatchObject({ user_id: agent, did: 'linked' });
      await expect(enter({ external_id: '8', email: 'owner@here.test' })).rejects.toMatchObject({
        code: 'access.forbidden',
      });
    });

    test('needs no address', async () => {
      const one = await enter({ email: null, role: null });
      const other = await enter({ email: null, external_id: '8' });
      expect(one.user_id).not.toBe(other.user_id);
      expect(one.role).toBe('agent');
    });

    test('stays out once deactivated, whatever the host says', async () => {
      const { user_id } = await enter();
      await node.bus.execute(commands.deactivateMember, { org, actor: system, input: { user_id } });
      clock.advance(5_000);
      await expect(enter()).rejects.toMatchObject({ code: 'access.forbidden' });
    });

    test('comes back with a newer token once their session was ended, or they were removed', async () => {
      const { user_id, session_id } = await enter();
      const issued_at = Math.floor(clock.now() / 1000) * 1000;
      await node.bus.execute(commands.closeSession, { org, actor: member(user_id), input: { session_id } });
      await expect(enter({ issued_at })).rejects.toMatchObject({ code: 'token.invalid' });
      clock.advance(2_000);
      expect((await enter()).session_id).not.toBe(session_id);
      await node.bus.execute(commands.removeMember, { org, actor: system, input: { user_id } });
      await expect(enter()).rejects.toMatchObject({ code: 'token.invalid' });
      clock.advance(2_000);
      expect(await enter()).toMatchObject({ user_id, did: 'added' });
    });
  });

  describe('several organisations', () => {
    test('[A2] share nothing but the person', async () => {
      const there = (await node.found('there')).ownerId;
      const both = await add('admin', 'both@here.test');
      expect(await add('viewer', 'both@here.test', 'there')).toBe(both);
      const own = await node.bus.query(queries.listOwnOrganisations, {
        org: '',
        actor: system,
        input: { user_id: both },
      });
      expect(own.map(({ id, role }) => `${id} ${role}`).sort()).toEqual(['here admin', 'there viewer']);
      const stranger = member(ownerId);
      const inThere = { org: 'there', actor: stranger };
      await expect(
        node.bus.execute(commands.changeRole, { ...inThere, input: { user_id: there, role: 'agent' } }),
      ).rejects.toMatchObject({ code: 'access.forbidden' });
      await expect(node.bus.query(queries.listAudit, { ...inThere, input: noFilter })).rejects.toMatchObject({
        code: 'access.forbidden',
      });
      // An admin here does nothing to who is only there, and what is there is told nobody here.
      const actor = member(both);
      for (const command of [commands.removeMember, commands.deactivateMember]) {
        await expect(
          node.bus.execute(command, { org, actor, input: { user_id: there } }),
        ).rejects.toMatchObject({ code: 'member.unknown' });
      }
      const sessionThere = await signIn(both, 'there');
      await node.bus.execute(commands.removeMember, { org, actor: system, input: { user_id: both } });
      expect(await liveSession(sessionThere)).toMatchObject({ org: 'there', role: 'viewer' });
      expect((await audit()).rows.every(({ says }) => !says.includes('there.test'))).toBe(true);
    });
  });

  describe('the audit', () => {
    test('tells who did what in sentences, page by page, and holds no secret', async () => {
      const id = await add('agent', 'ann@here.test');
      const hash = digest();
      await node.bus.execute(commands.changeRole, {
        org,
        actor: member(ownerId),
        input: { user_id: id, role: 'admin' },
      });
      await invite(member(id), 'eve@here.test', { hash });
      const token = { user_id: id, hash, name: 'ci', scopes: ['read' as const], expires_at: null };
      const { token_id } = (
        await node.bus.execute(commands.createApiToken, { org, actor: member(id), input: token })
      ).result;
      const byToken: Actor = { kind: 'token', user_id: id, token_id, scopes: ['admin'] };
      await node.bus.execute(commands.addMember, {
        org,
        actor: byToken,
        input: { email: 'max@here.test', name: 'Max', role: 'viewer', password_hash: 'a secret' },
      });
      await node.bus.execute(commands.setPassword, {
        org,
        actor: system,
        input: { user_id: id, password_hash: 'a secret', kept_session_id: null },
      });
      const told: string[] = [];
      let before: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof audit>> = await audit({ before, limit: 2 }, member(id));
        told.push(...page.rows.map(({ says }) => says));
        before = page.next;
      } while (before !== null);
      expect(told.slice(0, 6)).toEqual([
        'The server set the password of ann@here.test.',
        'ann@here.test, by an API token, added Max as viewer.',
        'ann@here.test made the API token “ci” for themselves, which may read.',
        'ann@here.test invited eve@here.test as agent.',
        'owner@here.test made ann@here.test, who was agent, admin.',
        'The server added ann@here.test as agent.',
      ]);
      expect(JSON.stringify((await audit()).rows)).not.toMatch(new RegExp(`a secret|${hash}`));
      expect((await audit({ actor: id })).rows).toHaveLength(3);
      expect((await audit({ command: 'member.' })).rows).toHaveLength(5);
      expect((await audit({ command: 'member.add', until: clock.now() })).rows).toEqual([]);
      await expect(audit({ before: 'x' })).rejects.toMatchObject({ code: 'cursor.malformed' });
      await expect(audit({}, member(await add('agent')))).rejects.toMatchObject({ code: 'access.forbidden' });
    });

    test('leaves out what changed nothing', async () => {
      const id = await add('agent');
      await node.bus.execute(commands.changeRole, {
        org,
        actor: member(ownerId),
        input: { user_id: id, role: 'agent' },
      });
      expect((await audit({ command: 'member.change_role' })).rows).toEqual([]);
    });
  });
}

function kindsIn(entries: readonly LogEntry[]): string[] {
  return entries.flatMap(({ changes }) => JSON.parse(changes).map(({ kind }: { kind: string }) => kind));
}
