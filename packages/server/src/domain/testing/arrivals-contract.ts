import type { ContactRow } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { commands } from '../index.ts';
import type { Team } from './team.ts';

/** Which conversation and which contact a message belongs to, on every store. */
export function arrivalsContract(begin: () => Promise<Team>): void {
  describe('what arrives at once', () => {
    test('from one person makes one contact and one conversation, on whatever nodes', async () => {
      const team = await begin();
      const phones = ['4915112345678', '+49 151 12345678', '4915112345678'];
      await Promise.all(
        Array.from({ length: 24 }, (_, at) =>
          team.text(phones[at % phones.length], at % 2 === 0 ? '' : 'Ann'),
        ),
      );
      const [conversation, ...others] = await team.conversations();
      expect(others).toEqual([]);
      const contacts = await team.rows<ContactRow>('contacts');
      expect(contacts.map(({ phones, name }) => [phones, name])).toEqual([[['+4915112345678'], 'Ann']]);
      expect(conversation?.contact).toEqual({ id: contacts[0]?.id, name: 'Ann', address: '+4915112345678' });
      expect(await team.rows(`thread:${conversation?.id}`)).toHaveLength(24);
    });

    test('of one thread makes one conversation, in whatever order its mails come', async () => {
      const team = await begin();
      const ids = Array.from({ length: 16 }, (_, at) => `m${at}@example.org`);
      const letters = ids.map((id, at) => ({
        id,
        from: `P${at % 3} <p${at % 3}@example.org>`,
        ...(at > 0 && { answers: ids[at - 1] as string, references: ids.slice(0, at) }),
      }));
      await Promise.all([...letters].reverse().map((letter) => team.mail(letter)));
      const [conversation, ...others] = await team.conversations();
      expect(others).toEqual([]);
      expect(await team.rows(`thread:${conversation?.id}`)).toHaveLength(16);
    });

    test('in one command counts as well', async () => {
      const team = await begin();
      const arrivals = [
        ...Array.from({ length: 5 }, () => team.texted('4915112345678', 'Ann')),
        ...Array.from({ length: 5 }, (_, at) =>
          team.letter({ id: `m${at}`, ...(at > 0 && { answers: `m${at - 1}` }) }),
        ),
      ];
      await team.do(commands.acceptMessages, { arrivals });
      const conversations = await team.conversations();
      expect(conversations.map(({ inbox_id }) => inbox_id).sort()).toEqual([team.help, team.whatsapp].sort());
      expect(await team.rows('contacts')).toHaveLength(2);
    });
  });

  describe('a mail', () => {
    test('continues the conversation of what it answers, by In-Reply-To or by References alone', async () => {
      const team = await begin();
      const first = await team.mail({ id: 'a@x', subject: 'One' });
      const answer = await team.mail({ id: 'b@x', answers: 'a@x', from: 'Bob <bob@example.org>' });
      const later = await team.mail({ id: 'c@x', references: ['unknown@x', 'b@x'] });
      expect([answer, later].map((row) => row.conversation_id)).toEqual([
        first.conversation_id,
        first.conversation_id,
      ]);
      const row = await team.conversation(first.conversation_id as string);
      expect(row).toMatchObject({ subject: 'One', contact: { name: 'Ann Lee', address: 'ann@example.org' } });
    });

    test('of somebody else in the thread gives the contact no name', async () => {
      const team = await begin();
      const first = await team.mail({ id: 'a@x', from: 'ann@example.org' });
      await team.mail({ id: 'b@x', answers: 'a@x', from: 'Bob <bob@example.org>' });
      const id = first.conversation_id as string;
      expect((await team.conversation(id)).contact?.name).toBe('');
      await team.mail({ id: 'c@x', answers: 'b@x', from: 'Ann Lee <ann@example.org>' });
      expect((await team.conversation(id)).contact?.name).toBe('Ann Lee');
    });

    test('that answers one of ours finds its conversation by the Message-ID that we gave it', async () => {
      const team = await begin();
      const first = await team.mail({ id: 'a@x' });
      const id = first.conversation_id as string;
      const sent = await team.say(team.owner, id);
      const answer = await team.mail({ id: 'b@x', answers: `${sent}@${team.org}.test` });
      expect(answer.conversation_id).toBe(id);
    });

    test('that answers nothing begins a conversation of its own, with the same contact', async () => {
      const team = await begin();
      const [one, other] = [await team.mail({ id: 'a@x' }), await team.mail({ id: 'b@x' })];
      expect(one.conversation_id).not.toBe(other.conversation_id);
      const contacts = (await team.conversations()).map(({ contact }) => contact?.id);
      expect(new Set(contacts).size).toBe(1);
      // In another inbox the same thread is another conversation.
      expect((await team.mail({ id: 'a@x' }, 'vip')).conversation_id).not.toBe(one.conversation_id);
    });
  });

  describe('a message from the contact', () => {
    const resolved = ['closed', 'archived', 'snoozed'] as const;
    test.each(resolved)(
      'opens a conversation that is %s, and clears when it was resolved',
      async (status) => {
        const team = await begin();
        const id = (await team.text()).conversation_id as string;
        const until = { snoozed_until: new Date(team.clock.now() + 60_000).toISOString() };
        const change = { status, ...(status === 'snoozed' && until) };
        await team.do(commands.changeConversations, { conversation_ids: [id], change }, team.owner);
        const put = await team.conversation(id);
        expect([put.status, put.resolved_at === null, put.snoozed_until === null]).toEqual([
          status,
          status === 'snoozed',
          status !== 'snoozed',
        ]);
        await team.text();
        expect(await team.conversation(id)).toMatchObject({
          status: 'open',
          resolved_at: null,
          snoozed_until: null,
        });
      },
    );

    test('leaves one pending that was', async () => {
      const team = await begin();
      const id = (await team.text()).conversation_id as string;
      await team.do(
        commands.changeConversations,
        { conversation_ids: [id], change: { status: 'pending' } },
        team.owner,
      );
      await team.text();
      expect((await team.conversation(id)).status).toBe('pending');
    });

    test('ends a snooze early; otherwise it ends when its time has come', async () => {
      const team = await begin();
      const id = (await team.text()).conversation_id as string;
      const snoozed_until = new Date(team.clock.now() + 60_000).toISOString();
      const snooze = { conversation_ids: [id], change: { status: 'snoozed' as const, snoozed_until } };
      await team.do(commands.changeConversations, snooze, team.owner);
      await team.do(commands.wakeConversations, { conversation_ids: [id] });
      expect((await team.conversation(id)).status).toBe('snoozed');
      team.clock.advance(60_000);
      await team.do(commands.wakeConversations, { conversation_ids: [id] });
      expect(await team.conversation(id)).toMatchObject({ status: 'open', snoozed_until: null });
    });
  });

  test('removing messages leaves the conversation as it is without them', async () => {
    const team = await begin();
    const first = await team.mail({ id: 'a@x' });
    const id = first.conversation_id as string;
    const second = await team.mail({ id: 'b@x', answers: 'a@x' });
    const before = await team.conversation(id);
    const remove = (...message_ids: string[]) =>
      team.do(commands.removeMessages, { message_ids }, team.owner);
    await remove(second.id);
    const { version: _, ...left } = await team.conversation(id);
    expect(left).toMatchObject({
      activity: first.id,
      last_message: { id: first.id },
      inbound_offset: first.version,
    });
    expect(left.answer_offset).toBe(first.version);
    await remove(first.id);
    expect(await team.conversation(id)).toMatchObject({
      activity: id,
      last_message: null,
      last_activity_at: before.created_at,
      inbound_offset: 0,
      answer_offset: 0,
    });
    expect((await team.mail({ id: 'c@x', answers: 'b@x' })).conversation_id).toBe(id);
  });
}
