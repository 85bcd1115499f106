import { limits } from '@roost/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { system } from '../../../commands/testing/node.ts';
import type { Database } from '../../../store/database.ts';
import { commands } from '../../index.ts';
import { Library } from './library.ts';

/** What is found, over any store. */
export function searchContract(open: () => Promise<{ database: Database; close(): Promise<void> }>): void {
  let library: Library;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const opened = await open();
    library = await Library.open(opened.database);
    await library.inbox('help');
    close = async () => {
      await library.close();
      await opened.database.close();
      await opened.close();
    };
  });
  afterEach(() => close());

  const none: string[] = [];

  describe('words', () => {
    test('are found wherever they stand: in messages of either side, notes, subjects, names and addresses', async () => {
      const { id, conversation } = await library.mail('help', 'My parcel is lost', { subject: 'Order 4711' });
      const answer = await library.say(conversation, 'We look for your parcel.');
      const note = await library.say(conversation, 'The parcel stands in the yard', 'note');
      expect(await library.ids('parcel')).toEqual([note, answer, id]);
      expect((await library.find({ q: 'parcel' })).map(({ kind }) => kind)).toEqual([
        'note',
        'message',
        'message',
      ]);
      expect(await library.ids({ q: '4711', kinds: ['conversation'] })).toEqual([conversation]);
      const [contact] = await library.find({ q: 'ann@example.org' });
      expect(contact).toMatchObject({ kind: 'contact', contact: { name: 'Ann Lee' } });
      expect(await library.ids({ q: 'lee', kinds: ['contact'] })).toEqual([contact?.id]);
    });

    test('match without letter case and accents, in every script, and as they are typed', async () => {
      const { id } = await library.mail('help', 'Crème BRÛLÉE, Straße, ЁЛКА, 東京タワー, हिन्दी');
      for (const q of ['creme', 'brulee', 'BRÛL', 'straße', 'елка', '東京', 'タワー', 'हिन्दी', 'cr'])
        expect([q, await library.ids(q)]).toEqual([q, [id]]);
      for (const q of ['rulee', 'c', 'creme ', '京東', 'brul '])
        expect([q, await library.ids(q)]).toEqual([q, q === 'creme ' ? [id] : none]);
    });

    test('are all needed; in quotes in a row; with a minus none of them', async () => {
      const { id: one } = await library.mail('help', 'the red house by the sea');
      const { id: two } = await library.mail('help', 'a house, red and old');
      expect(await library.ids('red house')).toEqual([two, one]);
      expect(await library.ids('"red house"')).toEqual([one]);
      expect(await library.ids('house -sea')).toEqual([two]);
      expect(await library.ids('house -"red house"')).toEqual([two]);
      expect(await library.ids('house -red')).toEqual(none);
      expect(await library.ids('-red')).toEqual(none);
      expect(await library.ids('"by the se')).toEqual(none);
    });

    test('of what is gone, or was said otherwise, are not found', async () => {
      const { id } = await library.mail('help', 'ephemeral');
      await library.remove(id);
      expect(await library.ids('ephemeral')).toEqual(none);
      const added = await library.node.bus.execute(commands.addContact, {
        org: 'a',
        actor: system,
        input: { name: 'Bartholomew', emails: ['b@x.example'] },
      });
      const contact_id = added.result.id;
      const input = { contact_id, name: 'Bart' };
      await library.node.bus.execute(commands.updateContact, { org: 'a', actor: system, input });
      expect(await library.ids('bartholomew')).toEqual(none);
      expect(await library.ids('bart')).toEqual([contact_id]);
      const { conversation } = await library.mail('help', 'x', { subject: 'First' });
      await library.change(conversation, { subject: 'Second' });
      expect(await library.ids({ q: 'first', kinds: ['conversation'] })).toEqual(none);
      expect(await library.ids({ q: 'second', kinds: ['conversation'] })).toEqual([conversation]);
    });

    test('stand where the highlights say, in plain text', async () => {
      const text = `${'lorem ipsum '.repeat(40)}here  is the <b>needle</b> & Needles more ${'dolor '.repeat(99)}`;
      await library.mail('help', text);
      const [hit] = await library.find({ q: 'need' });
      const { text: shown, highlights } = hit?.excerpt ?? { text: '', highlights: [] };
      expect(shown.length).toBeLessThanOrEqual(240);
      expect(shown).toContain('is the <b>needle</b> & Needles more');
      expect(highlights.map(({ start, end }) => shown.slice(start, end))).toEqual(['needle', 'Needles']);
    });
  });

  describe('filters', () => {
    test('leave what is of an inbox, status, assignee, label, contact, kind and time', async () => {
      await library.inbox('sales');
      const ann = await library.mail('help', 'tea one');
      const began = library.clock.now() + 500;
      const bob = await library.mail('sales', 'tea two', { from: 'bob@example.org' });
      const agent = await library.member('agent');
      await library.change(bob.conversation, {
        status: 'closed',
        assignee_id: agent.user_id,
        add_labels: ['vip'],
      });
      const of = async (filter: object) => library.ids({ q: 'tea', kinds: ['message'], ...filter });
      const [hit] = await library.find({ q: 'two' });
      expect(await of({})).toEqual([bob.id, ann.id]);
      expect(await of({ inbox_id: hit?.message?.inbox_id ?? '' })).toEqual([bob.id]);
      expect(await of({ status: 'closed' })).toEqual([bob.id]);
      expect(await of({ status: 'open' })).toEqual([ann.id]);
      expect(await of({ assignee_id: agent.user_id })).toEqual([bob.id]);
      expect(await of({ assignee_id: 'none' })).toEqual([ann.id]);
      expect(await of({ label: 'VIP' })).toEqual([bob.id]);
      expect(await of({ label: 'none such' })).toEqual(none);
      expect(await of({ contact_id: hit?.conversation?.contact?.id ?? '' })).toEqual([bob.id]);
      expect(await of({ kinds: ['note'] })).toEqual(none);
      expect(await of({ before: began })).toEqual([ann.id]);
      expect(await of({ after: began })).toEqual([bob.id]);
      expect(await of({ after: began, before: began })).toEqual(none);
    });
  });

  describe('nobody finds', () => {
    test('what is in an inbox that is kept from them', async () => {
      const agent = await library.member('agent');
      await library.inbox('secret', 'members');
      const { id, conversation } = await library.mail('secret', 'a buried treasure', { subject: 'treasure' });
      const note = await library.say(conversation, 'treasure indeed', 'note');
      expect(await library.ids('treasure', agent)).toEqual(none);
      expect(await library.ids({ q: 'treasure', status: 'open' }, agent)).toEqual(none);
      const found = await library.ids('treasure', await library.member('admin'));
      expect(found.sort()).toEqual([note, id, conversation].sort());
    });

    test('what others say among themselves, whoever they are', async () => {
      const [ann, bob, owner] = [
        await library.member('agent'),
        await library.member('agent'),
        await library.member('owner'),
      ];
      const direct = await library.direct(ann, bob.user_id);
      const id = await library.say(direct, 'a whispered word', 'reply', ann);
      expect(await library.ids('whispered', bob)).toEqual([id]);
      expect(await library.ids('whispered', ann)).toEqual([id]);
      expect(await library.ids('whispered', owner)).toEqual(none);
      expect(await library.ids({ q: 'whispered', status: 'open' }, owner)).toEqual(none);
    });

    test('anything of another organisation', async () => {
      const other = await Library.open(library.database, 'b');
      await other.inbox('help-b');
      await other.mail('help-b', 'foreign affairs');
      expect(await library.ids('foreign')).toEqual(none);
      expect((await other.ids('foreign')).length).toBe(1);
      await other.close();
    });
  });

  test('pages join without a gap and without a repeat', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 23; n += 1) ids.unshift((await library.mail('help', `page ${n}`)).id);
    expect(await library.ids({ q: 'page', limit: 5 })).toEqual(ids);
    const first = await library.page({ q: 'page', limit: 5 });
    await library.mail('help', 'page after the first was read');
    const second = await library.page({ q: 'page', limit: 5, cursor: first.next });
    expect(second.rows.map(({ id }) => id)).toEqual(ids.slice(5, 10));
    await expect(library.page({ q: 'page', cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor.malformed',
    });
  });

  describe('the job', () => {
    test('indexes mail of inboxes without conversations, by subject, author and text', async () => {
      const id = await library.sink('Your code is 998877', {
        subject: 'Confirm',
        from: 'Shop <no-reply@shop.example>',
      });
      expect(await library.ids('998877')).toEqual(none);
      await library.settle();
      for (const q of ['998877', 'confirm', 'shop.example', 'no-reply'])
        expect(await library.ids(q)).toEqual([id]);
      await library.remove(id);
      expect(await library.ids('998877')).toEqual(none);
      await library.settle();
      expect(await library.ids('998877')).toEqual(none);
    });

    test('brings back an index that is lost, whatever there is', async () => {
      const { conversation } = await library.mail('help', 'apple pie', { subject: 'apple' });
      await library.say(conversation, 'apple note', 'note');
      for (let n = 0; n < 120; n += 1) await library.sink(`apple ${n}`);
      await library.settle();
      const before = await library.ids({ q: 'apple', limit: 50 });
      expect(before.length).toBe(123);
      await library.database.write(async (tx) => {
        for (const { ref } of await tx.all<{ ref: string }>('select ref from search_document')) {
          if (tx.dialect === 'sqlite')
            await tx.run(
              'delete from search_text where rowid = (select seq from search_document where ref = ?)',
              ref,
            );
          await tx.run('delete from search_document where ref = ?', ref);
        }
        await tx.run('delete from search_position');
      });
      expect(await library.ids('apple')).toEqual(none);
      await library.settle();
      const after = await library.ids({ q: 'apple', limit: 50 });
      expect(after.slice(0, 120)).toEqual(before.slice(0, 120));
      expect(after.sort()).toEqual(before.sort());
      expect((await library.find({ q: 'ann', kinds: ['contact'] })).length).toBe(1);
    });
  });

  test('a text of any length is taken', async () => {
    const { conversation } = await library.mail('help', 'x');
    const long = 'a1 '.repeat(limits.TEXT_MAX_CHARS / 3).slice(0, limits.TEXT_MAX_CHARS);
    const id = await library.say(conversation, long, 'note');
    const wide = await library.say(conversation, 'w'.repeat(limits.TEXT_MAX_CHARS), 'note');
    expect(await library.ids('"a1 a1 a1"')).toEqual([id]);
    expect(await library.ids('w'.repeat(100))).toEqual([wide]);
  });

  test('whatever is asked: no error, and what is found holds the words', async () => {
    const texts = [
      'alpha beta gamma',
      "it's 100% a_b *bold* (x) AND y OR z NOT w",
      'alpha:beta "quoted" \\ back',
      '½ ﷺ İ',
    ];
    const sent = new Map<string, string>();
    for (const text of texts)
      sent.set((await library.mail('help', text, { from: 'q@example.org' })).id, text);
    const piece = fc.oneof(
      fc.constantFrom(
        'alpha',
        'beta',
        'AND',
        'OR',
        'NOT',
        'NEAR(',
        '"',
        '*',
        '-',
        ':',
        '(',
        ')',
        '^',
        "'",
        '\\',
        '%',
        '{',
        '}',
        'words',
        'scope',
        '&',
        '|',
        '!',
        '<->',
        '\0',
        ';--',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const q = pieces.join('').slice(0, 400);
        for (const { id } of await library.find({ q, kinds: ['message'] })) expect(sent.has(id)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
}
