import { arrivalOffset, type ConversationRow, type MessageRow, type UnreadRow } from '@roost/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor } from '../../commands/index.ts';
import { commands } from '../index.ts';
import { type Team, userOf } from './team.ts';

const LONG_MS = 120_000;
const RUNS = 15;

type Deed = readonly [what: string, who: number, which: number];
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.tuple(
    fc.constantFrom(
      'text',
      'text',
      'mail',
      'say',
      'note',
      'direct',
      'read',
      'part',
      'unread',
      'all',
      'close',
      'remove',
      'hide',
    ),
    fc.nat(2),
    fc.nat(5),
  ),
  { minLength: 5, maxLength: 40 },
);

/** What everybody has said of how far they have read, as this test remembers it. */
class Memory {
  private readonly everywhere = new Map<string, number>();
  private readonly ofOne = new Map<string, number>();

  begin(actor: Actor, head: number): void {
    this.everywhere.set(userOf(actor), head);
  }

  upTo(actor: Actor, id: string): number {
    return this.ofOne.get(`${userOf(actor)} ${id}`) ?? this.everywhere.get(userOf(actor)) ?? 0;
  }

  one(actor: Actor, id: string, upTo: number): void {
    this.ofOne.set(`${userOf(actor)} ${id}`, upTo);
  }

  all(actor: Actor, upTo: number): void {
    const known = this.everywhere.get(userOf(actor)) ?? 0;
    if (upTo <= known) return;
    this.everywhere.set(userOf(actor), upTo);
    for (const [key, held] of this.ofOne)
      if (key.startsWith(`${userOf(actor)} `)) this.ofOne.set(key, Math.max(held, upTo));
  }
}

/** Rule U2, on every store: whatever several members do, what is unread is what a recount finds. */
export function unreadContract(begin: () => Promise<Team>): void {
  test(
    '[U2] every unread conversation is what a recount of its messages finds, whatever members do',
    async () => {
      await fc.assert(
        fc.asyncProperty(deeds, async (todo) => {
          const team = await begin();
          const people = [await team.add('agent'), await team.add('agent'), await team.add('viewer')];
          const memory = new Memory();
          // Who is new has read what was there.
          for (const person of people) memory.begin(person, await joinedAt(team, person));
          for (const deed of todo) {
            await act(team, people, memory, deed);
            for (const person of people) await recount(team, person, memory);
          }
        }),
        { numRuns: RUNS },
      );
    },
    LONG_MS,
  );
}

async function joinedAt(team: Team, person: Actor): Promise<number> {
  const [me] = await team.rows<{ read_offset: number }>('me', person);
  return me?.read_offset ?? 0;
}

async function act(
  team: Team,
  people: readonly Actor[],
  memory: Memory,
  [what, who, which]: Deed,
): Promise<void> {
  const actor = people[who] as Actor;
  const agent = people[who % 2] as Actor;
  const seen = [
    ...(await team.rows<ConversationRow>('conversations', agent, { view: 'all' })),
    ...(await team.rows<ConversationRow>('direct', agent)),
  ];
  const conversation = seen[which % Math.max(1, seen.length)];
  const own = [
    ...(await team.rows<ConversationRow>('conversations', actor, { view: 'all' })),
    ...(await team.rows<ConversationRow>('direct', actor)),
  ];
  const mine = own[which % Math.max(1, own.length)];
  switch (what) {
    case 'text':
      await team.text(`491511234567${which % 3}`);
      return;
    case 'mail':
      await team.mail({ id: `m${which}@x`, answers: `m${which % 2}@x` }, which % 2 === 0 ? 'help' : 'vip');
      return;
    case 'direct':
      await team.do(commands.startDirect, { user_ids: [userOf(people[(who + 1) % 2] as Actor)] }, agent);
      return;
    case 'say':
    case 'note': {
      if (!conversation) return;
      const kind = what === 'note' ? ('note' as const) : ('reply' as const);
      const head = await team.head();
      const input = { conversation_id: conversation.id, kind, text: 'x', override: true };
      await team.do(commands.sendMessage, input, agent);
      memory.one(agent, conversation.id, Math.max(head, memory.upTo(agent, conversation.id)));
      return;
    }
    case 'read':
    case 'part': {
      if (!mine) return;
      const up_to = Math.max(0, (await team.head()) - (what === 'part' ? which : 0));
      await team.do(commands.readConversation, { conversation_id: mine.id, up_to }, actor);
      memory.one(actor, mine.id, Math.max(up_to, memory.upTo(actor, mine.id)));
      return;
    }
    case 'unread': {
      if (!mine) return;
      const newest = (await countable(team, actor, mine.id)).at(-1);
      const call = team.do(commands.unreadConversation, { conversation_id: mine.id }, actor);
      if (newest === undefined)
        return void (await expect(call).rejects.toMatchObject({ code: 'request.invalid' }));
      await call;
      memory.one(actor, mine.id, Math.min(memory.upTo(actor, mine.id), arrivalOffset(newest.id) - 1));
      return;
    }
    case 'all': {
      const up_to = Math.max(0, (await team.head()) - which);
      await team.do(commands.markRead, { user_id: userOf(actor), up_to }, actor);
      memory.all(actor, up_to);
      return;
    }
    case 'close':
      if (conversation?.kind !== 'contact') return;
      await team.do(
        commands.changeConversations,
        { conversation_ids: [conversation.id], change: { status: 'closed' } },
        agent,
      );
      return;
    case 'remove': {
      const messages = conversation ? await team.rows<MessageRow>(`thread:${conversation.id}`, agent) : [];
      const gone = messages.filter(({ via, author_id }) => via !== 'direct' || author_id === userOf(agent))[
        which % 3
      ];
      if (gone) await team.do(commands.removeMessages, { message_ids: [gone.id] }, agent);
      return;
    }
    case 'hide':
      await team.do(commands.updateInbox, {
        inbox_id: team.vip,
        member_ids: which % 2 === 0 ? people.map(userOf) : [],
      });
  }
}

/** Messages that can be unread for somebody, oldest first. */
async function countable(team: Team, actor: Actor, id: string): Promise<MessageRow[]> {
  const messages = await team.rows<MessageRow>(`thread:${id}`, actor);
  return messages
    .filter(
      ({ kind, via, author_id }) =>
        kind === 'inbound' || (kind === 'outbound' && via === 'direct' && author_id !== userOf(actor)),
    )
    .reverse();
}

async function recount(team: Team, actor: Actor, memory: Memory): Promise<void> {
  const seen = [
    ...(await team.rows<ConversationRow>('conversations', actor, { view: 'all' })),
    ...(await team.rows<ConversationRow>('direct', actor)),
  ];
  const expected = new Map<string, object>();
  for (const { id } of seen) {
    const unread = (await countable(team, actor, id)).filter(
      (message) => arrivalOffset(message.id) > memory.upTo(actor, id),
    );
    if (unread[0]) expected.set(id, { unread: unread.length, first_unread: unread[0].id });
  }
  const rows = await team.rows<UnreadRow>('unread', actor);
  expect(rows.map(({ activity }) => activity)).toEqual(
    rows
      .map(({ activity }) => activity)
      .sort()
      .reverse(),
  );
  const found = rows.map(({ id, unread, first_unread }) => [id, { unread, first_unread }] as const);
  expect(new Map(found)).toEqual(expected);
}
