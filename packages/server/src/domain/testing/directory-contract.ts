import { describe, expect, test } from 'vitest';
import { commands } from '../index.ts';
import type { Team } from './team.ts';

/** Contacts, labels and canned replies, on every store. */
export function directoryContract(begin: () => Promise<Team>): void {
  const code = (code: string) => ({ code });

  describe('a contact', () => {
    test('has numbers in E.164, addresses in lower case, and each of them once', async () => {
      const team = await begin();
      const input = {
        name: ' Ann ',
        emails: ['Ann@Example.org', 'ann@example.org'],
        phones: ['+49 (151) 123-45678', '4915112345678'],
        fields: { plan: 'gold' },
      };
      expect(await team.do(commands.addContact, input, team.owner)).toMatchObject({
        name: 'Ann',
        emails: ['ann@example.org'],
        phones: ['+4915112345678'],
        fields: { plan: 'gold' },
      });
      const wrong = team.do(commands.addContact, { phones: ['12'] }, team.owner);
      await expect(wrong).rejects.toMatchObject(code('request.invalid'));
    });

    test('made by hand is the one who writes later, by whatever way', async () => {
      const team = await begin();
      const input = { name: 'Ann', emails: ['ann@example.org'], phones: ['+4915112345678'] };
      const { id } = await team.do(commands.addContact, input, team.owner);
      await team.mail({ from: 'A. Lee <ANN@example.org>' });
      await team.text('4915112345678', 'Annie');
      const conversations = await team.conversations();
      expect(conversations.map(({ contact }) => [contact?.id, contact?.name])).toEqual([
        [id, 'Ann'],
        [id, 'Ann'],
      ]);
    });

    test('keeps its addresses to itself, and lets them go', async () => {
      const team = await begin();
      const add = (emails: string[]) => team.do(commands.addContact, { emails }, team.owner);
      const [ann] = [await add(['ann@x.org', 'a@x.org']), await add(['ben@x.org'])];
      await expect(add(['a@X.org'])).rejects.toMatchObject(code('contact.taken'));
      const update = (emails: string[]) =>
        team.do(commands.updateContact, { contact_id: ann.id, emails }, team.owner);
      await expect(update(['ben@x.org'])).rejects.toMatchObject(code('contact.taken'));
      await update(['ann@x.org']);
      await add(['a@x.org']);
      const nobody = team.do(commands.updateContact, { contact_id: 'none', name: 'x' }, team.owner);
      await expect(nobody).rejects.toMatchObject(code('contact.unknown'));
    });

    test('under another name stands so in its conversations', async () => {
      const team = await begin();
      const { conversation_id } = await team.text();
      const { contact } = await team.conversation(conversation_id as string);
      await team.do(
        commands.updateContact,
        { contact_id: contact?.id as string, name: 'Dr. Ann' },
        team.owner,
      );
      expect((await team.conversation(conversation_id as string)).contact?.name).toBe('Dr. Ann');
    });

    test('is written to first where the inbox can reach them; by phone there is one conversation', async () => {
      const team = await begin();
      const { id } = await team.do(commands.addContact, { phones: ['+4915112345678'] }, team.owner);
      const start = (inbox_id: string) =>
        team.do(commands.startConversation, { contact_id: id, inbox_id }, team.owner);
      const [one, other] = await Promise.all([start(team.whatsapp), start(team.whatsapp)]);
      expect(one).toEqual(other);
      await expect(start(team.help)).rejects.toMatchObject(code('request.invalid'));
      expect((await team.text()).conversation_id).toBe(one?.conversation_id);
    });
  });

  describe('labels', () => {
    test('of any script are listed, each once, and written as they were last', async () => {
      const team = await begin();
      for (const name of ['VIP', 'vip', 'Über', '漢字', '🐓', '~', 'Zoo'])
        await team.do(commands.keepLabel, { name }, team.owner);
      const labels = await team.rows<{ id: string; name: string }>('labels');
      expect(labels.map(({ name }) => name).sort()).toEqual(['vip', 'Über', '漢字', '🐓', '~', 'Zoo'].sort());
      const ids = labels.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort().reverse());
      await team.do(commands.removeLabel, { label_id: '漢字' }, team.owner);
      expect(await team.rows('labels')).toHaveLength(5);
      const again = team.do(commands.removeLabel, { label_id: '漢字' }, team.owner);
      await expect(again).rejects.toMatchObject(code('label.unknown'));
    });

    test('are put on several conversations or on none of them', async () => {
      const team = await begin();
      const [one, other] = [await team.mail({ id: 'a@x' }), await team.mail({ id: 'b@x' })];
      const ids = [one.conversation_id as string, other.conversation_id as string];
      const put = (conversation_ids: string[]) =>
        team.do(
          commands.changeConversations,
          { conversation_ids, change: { add_labels: [' VIP '] } },
          team.owner,
        );
      await expect(put([...ids, 'none'])).rejects.toMatchObject(code('conversation.unknown'));
      expect(await team.rows('conversations', team.owner, { view: 'all', label: 'vip' })).toEqual([]);
      await put(ids);
      const head = await team.head();
      await put(ids);
      expect(await team.head()).toBe(head);
      expect(await team.rows('conversations', team.owner, { view: 'all', label: 'vip' })).toHaveLength(2);
    });
  });

  test('a canned reply is found by a shortcut that no other has', async () => {
    const team = await begin();
    const reply = { shortcut: 'Hi', title: 'Hello', text: 'Hello {{contact.name}}' };
    const { id, shortcut } = await team.do(commands.addCannedReply, reply, team.owner);
    expect(shortcut).toBe('hi');
    await expect(team.do(commands.addCannedReply, reply, team.owner)).rejects.toMatchObject(
      code('reply.exists'),
    );
    const other = await team.do(commands.addCannedReply, { ...reply, shortcut: 'bye' }, team.owner);
    const rename = (canned_reply_id: string, to: string) =>
      team.do(commands.updateCannedReply, { canned_reply_id, shortcut: to }, team.owner);
    await expect(rename(other.id, 'hi')).rejects.toMatchObject(code('reply.exists'));
    await rename(id, 'hi');
    await team.do(commands.removeCannedReply, { canned_reply_id: id }, team.owner);
    await rename(other.id, 'hi');
    expect(await team.rows('canned_replies')).toMatchObject([{ id: other.id, shortcut: 'hi' }]);
    const gone = team.do(commands.removeCannedReply, { canned_reply_id: id }, team.owner);
    await expect(gone).rejects.toMatchObject(code('reply.unknown'));
  });
}
