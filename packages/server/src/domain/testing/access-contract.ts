import type { AccessRow, InboxRow, MessageRow, Role } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../commands/index.ts';
import { commands } from '../index.ts';
import { type Team, userOf } from './team.ts';

/** What members may see, and that the log tells of every change of it (rule A2), on every store. */
export function accessContract(begin: () => Promise<Team>): void {
  async function restricted() {
    const team = await begin();
    const ann = await team.add('agent', 'Ann');
    const id = (await team.mail({ id: 'v@x' }, 'vip')).conversation_id as string;
    const sees = async (actor: Actor) =>
      (await team.rows<InboxRow>('inboxes', actor)).some((row) => row.id === team.vip);
    /** What the log says of somebody's access after `run`; null where it says nothing. */
    const told = async (actor: Actor, run: () => Promise<unknown>): Promise<AccessRow | null> => {
      const before = await team.head();
      await run();
      const changes = (await team.changes(before)).filter(
        ({ kind, id }) => kind === 'access' && id === userOf(actor),
      );
      expect(changes.length).toBeLessThanOrEqual(1);
      return (changes[0]?.after ?? null) as AccessRow | null;
    };
    const role = (to: Role) => team.do(commands.changeRole, { user_id: ann.user_id, role: to });
    const inbox = (change: object) => team.do(commands.updateInbox, { inbox_id: team.vip, ...change });
    return { team, ann, id, sees, told, role, inbox };
  }

  describe('[A2] a restricted inbox', () => {
    test('shows itself to its members, to owners and to admins alone, with all that is in it', async () => {
      const { team, ann, id, sees } = await restricted();
      const [admin, viewer] = [await team.add('admin'), await team.add('viewer')];
      const [message] = await team.rows<MessageRow>(`thread:${id}`, team.owner);
      for (const actor of [team.owner, admin]) expect(await sees(actor)).toBe(true);
      for (const actor of [ann, viewer]) {
        expect(await sees(actor)).toBe(false);
        expect(await team.rows('conversations', actor, { view: 'all' })).toEqual([]);
        expect(await team.rows('inbox', actor)).toEqual([]);
        expect(await team.rows('inbox', actor, { filter: 'vip' })).toEqual([]);
        expect(await team.rows(`message:${message?.id}`, actor)).toEqual([]);
        expect(await team.unread(actor)).toEqual([]);
        for (const word of ['conversation', 'thread', 'reads'])
          await expect(team.rows(`${word}:${id}`, actor)).rejects.toMatchObject({
            code: 'conversation.unknown',
          });
      }
      const unknown = { code: 'conversation.unknown' };
      const say = { conversation_id: id, text: 'Hi', override: true };
      await expect(team.do(commands.sendMessage, say, ann)).rejects.toMatchObject(unknown);
      const change = { conversation_ids: [id], change: { status: 'closed' as const } };
      await expect(team.do(commands.changeConversations, change, ann)).rejects.toMatchObject(unknown);
      const read = { conversation_id: id, up_to: 0 };
      await expect(team.do(commands.readConversation, read, ann)).rejects.toMatchObject(unknown);
      await expect(team.do(commands.unreadConversation, { conversation_id: id }, ann)).rejects.toMatchObject(
        unknown,
      );
      const start = { contact_id: 'c', inbox_id: team.vip };
      await expect(team.do(commands.startConversation, start, ann)).rejects.toMatchObject({
        code: 'inbox.unknown',
      });
      const remove = { message_ids: [message?.id as string] };
      await expect(team.do(commands.removeMessages, remove, ann)).rejects.toMatchObject({
        code: 'message.unknown',
      });
    });

    test('opens to a member who is put in it, and closes to one who is taken out', async () => {
      const { team, ann, sees, told, inbox } = await restricted();
      expect(await told(ann, () => inbox({ member_ids: [ann.user_id] }))).toMatchObject({ hidden: [] });
      expect(await sees(ann)).toBe(true);
      expect(await told(ann, () => inbox({ member_ids: [] }))).toMatchObject({ hidden: [team.vip] });
      expect(await sees(ann)).toBe(false);
    });

    test('opens and closes with its own access, for all at once; another name changes nothing', async () => {
      const { team, ann, sees, told, inbox } = await restricted();
      expect(await told(ann, () => inbox({ access: 'everyone' }))).toMatchObject({ hidden: [] });
      expect(await sees(ann)).toBe(true);
      expect(await told(ann, () => inbox({ access: 'members' }))).toMatchObject({ hidden: [team.vip] });
      expect(await told(ann, () => inbox({ name: 'Very important' }))).toBeNull();
    });

    test('opens and closes with a member’s role', async () => {
      const { team, ann, sees, told, role } = await restricted();
      expect(await told(ann, () => role('admin'))).toMatchObject({ hidden: [] });
      expect(await sees(ann)).toBe(true);
      expect(await told(ann, () => role('viewer'))).toMatchObject({ hidden: [team.vip] });
      expect(await told(ann, () => role('agent'))).toBeNull();
    });

    test('is kept from who comes later, and made later it is kept from who is here', async () => {
      const { team, ann, sees, told } = await restricted();
      const ben = await team.add('agent', 'Ben');
      expect(await sees(ben)).toBe(false);
      const address = `board@${team.org}.test`;
      const made = await told(ann, () => team.inbox({ kind: 'mail', address, access: 'members' }));
      expect(made?.hidden).toHaveLength(2);
      expect(made?.hidden).toEqual([...(made?.hidden ?? [])].sort());
    });

    test('who leaves and comes back begins anew, and the log says so both times', async () => {
      const { team, ann, sees, inbox } = await restricted();
      await inbox({ member_ids: [ann.user_id] });
      const before = await team.head();
      const { email } = (await team.rows<{ id: string; email: string }>('members')).find(
        ({ id }) => id === ann.user_id,
      ) as { email: string };
      await team.do(commands.removeMember, { user_id: ann.user_id });
      await team.do(commands.addMember, { email, role: 'agent' });
      const changes = (await team.changes(before)).filter(({ kind }) => kind === 'access');
      expect(changes).toMatchObject([
        { id: ann.user_id, after: null },
        { id: ann.user_id, before: null, after: { hidden: [team.vip] } },
      ]);
      expect(await sees(ann)).toBe(false);
    });
  });

  describe('[A2] a direct conversation', () => {
    async function among() {
      const team = await begin();
      const [ann, ben, cleo] = [await team.add('agent'), await team.add('agent'), await team.add('agent')];
      const direct = (user_ids: readonly string[], subject = '') =>
        team.do(commands.startDirect, { user_ids: [...user_ids], subject }, ann);
      const change = (actor: Actor, conversation_id: string, of: object) =>
        team.do(commands.changeParticipants, { conversation_id, ...of }, actor);
      return { team, ann, ben, cleo, direct, change };
    }

    test('of two is one, whoever begins it, and stays of two', async () => {
      const { team, ann, ben, cleo, direct, change } = await among();
      const begun = await Promise.all([
        ...Array.from({ length: 6 }, () => direct([ben.user_id])),
        ...Array.from({ length: 6 }, () => team.do(commands.startDirect, { user_ids: [ann.user_id] }, ben)),
      ]);
      const ids = new Set(begun.map(({ conversation_id }) => conversation_id));
      expect(ids.size).toBe(1);
      const [id] = [...ids] as [string];
      await expect(change(ann, id, { add: [cleo.user_id] })).rejects.toMatchObject({
        code: 'request.invalid',
      });
      expect(await team.rows('direct', cleo)).toEqual([]);
    });

    test('is for those in it alone, whatever their role', async () => {
      const { team, ann, ben, cleo, direct } = await among();
      const { conversation_id: id } = await direct([ben.user_id]);
      const message = await team.say(ann, id, 'Between us');
      for (const actor of [ann, ben])
        expect(await team.rows(`thread:${id}`, actor)).toMatchObject([{ id: message }]);
      for (const actor of [cleo, team.owner]) {
        expect(await team.rows('direct', actor)).toEqual([]);
        expect(await team.rows('conversations', actor, { view: 'all' })).toEqual([]);
        expect(await team.rows(`message:${message}`, actor)).toEqual([]);
        await expect(team.rows(`thread:${id}`, actor)).rejects.toMatchObject({
          code: 'conversation.unknown',
        });
        const remove = team.do(commands.removeMessages, { message_ids: [message] }, actor);
        await expect(remove).rejects.toMatchObject({ code: 'message.unknown' });
      }
      expect(await team.unread(ben)).toMatchObject([{ id, unread: 1, first_unread: message }]);
      expect(await team.unread(ann)).toEqual([]);
    });

    test('of several changes its members, and the log tells each of those whom it concerns', async () => {
      const { team, ann, ben, cleo, direct, change } = await among();
      const { conversation_id: id } = await direct([
        ben.user_id,
        team.owner.kind === 'system' ? '' : team.owner.user_id,
      ]);
      await team.say(ann, id, 'Before');
      const before = await team.head();
      await change(ann, id, { add: [cleo.user_id], remove: [ben.user_id] });
      const access = (await team.changes(before)).filter(({ kind }) => kind === 'access').map(({ id }) => id);
      expect(access.sort()).toEqual([ben.user_id, cleo.user_id].sort());
      expect(await team.rows(`thread:${id}`, cleo)).toMatchObject([{ text: 'Before' }]);
      await expect(team.rows(`thread:${id}`, ben)).rejects.toMatchObject({ code: 'conversation.unknown' });
      await expect(change(ben, id, { add: [ben.user_id] })).rejects.toMatchObject({
        code: 'conversation.unknown',
      });
      expect(await team.unread(ben)).toEqual([]);
    });
  });
}
