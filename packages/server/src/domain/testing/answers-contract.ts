import { type Failure, limits, type MessageRow } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { commands } from '../index.ts';
import type { Team } from './team.ts';

const DAY_MS = 24 * 3_600_000;

/** What happens to what members say, on every store. */
export function answersContract(begin: () => Promise<Team>): void {
  async function asked() {
    const team = await begin();
    const id = (await team.text()).conversation_id as string;
    const [ann, ben] = [await team.add('agent', 'Ann'), await team.add('agent', 'Ben')];
    const seen = async () => (await team.conversation(id)).answer_offset;
    const reply = (
      actor: typeof ann,
      based_on: number | null,
      more: object = {},
      clientId: string | null = null,
    ) =>
      team.answer(
        commands.sendMessage,
        { conversation_id: id, text: 'Yes', based_on, ...more },
        actor,
        clientId,
      );
    return { team, id, ann, ben, seen, reply };
  }
  const refusal = (call: Promise<unknown>): Promise<Failure> =>
    call.then(
      () => expect.fail('sent'),
      (error) => error,
    );

  describe('[O1] one answer', () => {
    test('of two who answer in the same instant one gets through, the other is told what was said', async () => {
      const { id, team, ann, ben, seen, reply } = await asked();
      const saw = await seen();
      const settled = await Promise.allSettled([reply(ann, saw), reply(ben, saw)]);
      expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const refused = settled.find((one) => one.status === 'rejected') as PromiseRejectedResult;
      const outbound = (await team.rows<MessageRow>(`thread:${id}`)).filter(
        ({ kind }) => kind === 'outbound',
      );
      expect(outbound).toHaveLength(1);
      expect(refused.reason).toMatchObject({
        code: 'conversation.moved',
        about: { answer_offset: outbound[0]?.version, messages: outbound },
      });
    });

    test('what the contact wrote meanwhile counts as well, and with override it goes out all the same', async () => {
      const { team, ann, seen, reply } = await asked();
      const saw = await seen();
      const more = await team.text();
      expect(await refusal(reply(ann, saw))).toMatchObject({
        code: 'conversation.moved',
        about: { answer_offset: more.version, messages: [{ id: more.id }] },
      });
      await reply(ann, saw, { override: true });
    });

    test('one’s own earlier answers, notes, and what the server tells are no news', async () => {
      const { team, id, ann, ben, seen, reply } = await asked();
      const saw = await seen();
      await reply(ann, saw);
      await reply(ben, null, { kind: 'note' });
      await team.do(
        commands.changeConversations,
        { conversation_ids: [id], change: { status: 'closed' } },
        ben,
      );
      await reply(ann, saw);
    });

    test('an answer says what it is based on; a note and a word among members need not', async () => {
      const { team, ann, ben, reply } = await asked();
      expect(await refusal(reply(ann, null))).toMatchObject({ code: 'request.invalid' });
      await reply(ann, null, { kind: 'note' });
      const { conversation_id } = await team.do(commands.startDirect, { user_ids: [ben.user_id] }, ann);
      await team.do(commands.sendMessage, { conversation_id, text: 'Lunch?' }, ann);
    });

    test('news that was removed is none', async () => {
      const { team, ann, seen, reply } = await asked();
      const saw = await seen();
      const more = await team.text();
      await team.do(commands.removeMessages, { message_ids: [more.id] }, team.owner);
      await reply(ann, saw);
    });
  });

  test('[W2] the same client id sends once, on whatever nodes it arrives', async () => {
    const { team, id, ann, seen, reply } = await asked();
    const saw = await seen();
    const answers = await Promise.all(Array.from({ length: 12 }, () => reply(ann, saw, {}, 'k')));
    answers.push(await reply(ann, saw, {}, 'k'));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const sent = (await team.rows<MessageRow>(`thread:${id}`)).filter(({ kind }) => kind === 'outbound');
    expect(sent).toHaveLength(1);
    expect(await refusal(reply(ann, saw, { text: 'No' }, 'k'))).toMatchObject({ code: 'request.repeated' });
  });

  test('message and outbox commit together: a note goes nowhere, a reply once', async () => {
    const { team, ann, seen, reply } = await asked();
    const queued = async () => {
      const [database] = team.premises.databases;
      const found = await database?.read((tx) =>
        tx.all<{ message_id: string }>('select message_id from outbox where org = ?', team.org),
      );
      return found?.map(({ message_id }) => message_id);
    };
    await reply(ann, null, { kind: 'note' });
    expect(await queued()).toEqual([]);
    const { result } = await reply(ann, await seen());
    expect(await queued()).toEqual([result.message_id]);
    expect(await team.message(result.message_id)).toMatchObject({ status: 'queued', author_id: ann.user_id });
  });

  describe('the 24 hours of WhatsApp', () => {
    test('begin with each message of the contact, and after them only a template goes out', async () => {
      const { team, id, ann, seen, reply } = await asked();
      const until = (await team.conversation(id)).reply_until;
      expect(until).toBe(new Date(team.clock.now() + DAY_MS).toISOString());
      team.clock.advance(DAY_MS - 1);
      await reply(ann, await seen());
      team.clock.advance(1);
      expect(await refusal(reply(ann, await seen()))).toMatchObject({ code: 'conversation.window_closed' });
      await reply(ann, null, { kind: 'note' });
      await team.text();
      await reply(ann, await seen());
    });

    test('mail knows no such window, nor its bound of characters', async () => {
      const { team, ann, seen, reply } = await asked();
      const text = 'x'.repeat(limits.WHATSAPP_TEXT_MAX_CHARS + 1);
      expect(await refusal(reply(ann, await seen(), { text }))).toMatchObject({ code: 'request.invalid' });
      const mail = (await team.mail()).conversation_id as string;
      team.clock.advance(2 * DAY_MS);
      await team.do(commands.sendMessage, { conversation_id: mail, text, override: true }, ann);
    });
  });

  test('whoever answers has read what was there; others have not', async () => {
    const { team, id, ann, ben, seen, reply } = await asked();
    await team.text();
    await reply(ann, await seen());
    expect(await team.unread(ann)).toEqual([]);
    expect(await team.unread(ben)).toMatchObject([{ id, unread: 1 }]);
  });

  test('an empty message, a template by mail, and somebody else’s upload are refused', async () => {
    const { team, ann, ben, reply } = await asked();
    const upload = { digest: 'a'.repeat(64), filename: 'a.txt', content_type: 'text/plain', size_bytes: 1 };
    const { upload_id } = await team.do(commands.keepUpload, upload, ben);
    const note = { kind: 'note' };
    expect(await refusal(reply(ann, null, { ...note, text: ' ' }))).toMatchObject({
      code: 'request.invalid',
    });
    const stolen = reply(ann, null, { ...note, uploads: [upload_id] });
    expect(await refusal(stolen)).toMatchObject({ code: 'upload.unknown' });
    await reply(ben, null, { ...note, text: '', uploads: [upload_id] });
    const again = reply(ben, null, { ...note, uploads: [upload_id] });
    expect(await refusal(again)).toMatchObject({ code: 'upload.unknown' });
    const mail = (await team.mail()).conversation_id as string;
    const template = { name: 'hello', language: 'en', parameters: [] };
    const input = { conversation_id: mail, template, override: true };
    const wrong = team.do(commands.sendMessage, input, ann);
    expect(await refusal(wrong)).toMatchObject({ code: 'request.invalid' });
  });
}
