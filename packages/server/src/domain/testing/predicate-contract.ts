import { type ConversationRow, conversationsView, conversationViews } from '@roost/protocol';
import { conversationStatus as statuses } from '@roost/protocol/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../index.ts';
import { type Team, userOf } from './team.ts';

const LABELS = ['vip', 'late', '%', 'über'];
const LONG_MS = 60_000;

/** Rule S4: the snapshot's SQL and the predicate that runs on deltas choose the same conversations, in one order. */
export function predicateContract(begin: () => Promise<Team>): void {
  test(
    '[S4] every view of conversations shows exactly those that its predicate includes, to whomever',
    async () => {
      const team = await begin();
      const people = [await team.add('agent'), await team.add('agent'), await team.add('viewer')];
      await team.do(commands.updateInbox, { inbox_id: team.vip, member_ids: [userOf(people[0] as never)] });
      const all: ConversationRow[] = [];
      const made = fc.record({
        to: fc.constantFrom('help', 'vip', 'whatsapp'),
        who: fc.nat(3),
        status: fc.constantFrom(...statuses.options),
        assignee: fc.option(fc.nat(2)),
        labels: fc.uniqueArray(fc.constantFrom(...LABELS)),
        again: fc.boolean(),
      });
      for (const [at, one] of fc.sample(made, { numRuns: 60, seed: 7 }).entries()) {
        const from = `C${one.who} <c${one.who}@example.org>`;
        const message =
          one.to === 'whatsapp'
            ? await team.text(`49151${at}0000000`.slice(0, 13))
            : await team.mail({ id: `m${at}@x`, from }, one.to);
        const id = message.conversation_id as string;
        const change = {
          status: one.status,
          ...(one.status === 'snoozed' && {
            snoozed_until: new Date(team.clock.now() + 1_000).toISOString(),
          }),
          assignee_id: one.assignee === null ? null : userOf(people[one.assignee] as never),
          add_labels: one.labels,
        };
        await team.do(commands.changeConversations, { conversation_ids: [id], change }, team.owner);
        if (one.again && one.to !== 'whatsapp') await team.mail({ answers: `m${at}@x`, from }, one.to);
      }
      await team.do(commands.startDirect, { user_ids: [userOf(people[0] as never)] }, team.owner);
      all.push(...(await team.conversations()));
      expect(all).toHaveLength(60);
      const contacts = [undefined, all[0]?.contact?.id];
      for (const actor of [team.owner, ...people]) {
        const hidden = actor === team.owner || actor === people[0] ? [] : [team.vip];
        for (const view of [undefined, ...conversationViews])
          for (const inbox of [undefined, team.vip, 'none'])
            for (const label of [undefined, ...LABELS, 'VIP'])
              for (const contact of contacts) {
                const params = { view, inbox, label, contact };
                const shown = conversationsView(params, { user_id: userOf(actor), hidden });
                const expected = all.filter((row) => shown.includes(row)).map(({ id }) => id);
                const given = Object.fromEntries(
                  Object.entries(params).filter(([, value]) => value !== undefined),
                );
                const rows = await team.rows<ConversationRow>('conversations', actor, given);
                expect(
                  rows.map(({ id }) => id),
                  shown.key,
                ).toEqual(expected);
              }
      }
    },
    LONG_MS,
  );
}
