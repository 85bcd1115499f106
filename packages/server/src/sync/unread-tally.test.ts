import {
  type Change,
  type ConversationRow,
  formatArrival,
  type MeRow,
  type MessageRow,
  type ReadRow,
  type Row,
  type UnreadRow,
  unreadView,
} from '@roost/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogState } from '../oracle/log-state.ts';
import { rowsSeen } from '../oracle/looking.ts';
import { UnreadTally } from './unread-tally.ts';

const ME = 'u1';
const looking = { userId: ME, channel: 'unread', params: {} };
const view = unreadView({ user_id: ME, hidden: ['secret'] });
/** What the store would say, of a state told from the log by the oracle's own recount. */
const fresh = (state: LogState) => rowsSeen(state, looking) as UnreadRow[];

function tallyOf(state: LogState): UnreadTally {
  const unread = fresh(state).map(({ id, unread, first_unread, version }) => ({
    id,
    count: unread,
    first: first_unread,
    version,
  }));
  return new UnreadTally(ME, view, unread);
}

const ids = ['a', 'b', 'c'];
const deed = fc.record({
  what: fc.constantFrom(
    'said',
    'said',
    'own',
    'note',
    'removed',
    'label',
    'read',
    'theirs',
    'all',
    'moved',
    'joined',
  ),
  id: fc.constantFrom(...ids),
  back: fc.nat(4),
});
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** One entry of a log, made from the state before it. Empty where there is nothing to do. */
function changesOf(state: LogState, offset: number, { what, id, back }: Deed): Change[] {
  const conversation = state.get<ConversationRow>('conversation', id) as ConversationRow;
  const messages = state.all<MessageRow>('message').filter((row) => row.conversation_id === id);
  const now = { ...conversation, version: offset };
  const conversationIs = (after: ConversationRow): Change => ({
    kind: 'conversation',
    id,
    before: conversation,
    after,
  });
  switch (what) {
    case 'said':
    case 'own':
    case 'note': {
      const isDirect = conversation.kind === 'direct';
      const after = {
        id: `${formatArrival(offset)}x`,
        version: offset,
        conversation_id: id,
        via: isDirect ? 'direct' : 'mail',
        kind: what === 'note' ? 'note' : isDirect || what === 'own' ? 'outbound' : 'inbound',
        author_id: what === 'said' && !isDirect ? null : what === 'own' ? ME : 'u2',
      } as MessageRow;
      const message: Change = { kind: 'message', id: after.id, before: null, after };
      return [message, conversationIs({ ...now, activity: after.id, inbound_offset: offset })];
    }
    case 'removed': {
      const gone = messages[back % Math.max(1, messages.length)];
      return gone ? [{ kind: 'message', id: gone.id, before: gone, after: null }, conversationIs(now)] : [];
    }
    case 'label':
      return [conversationIs({ ...now, labels: [`l${offset}`] })];
    case 'moved':
      if (conversation.kind === 'direct') return [];
      return [conversationIs({ ...now, inbox_id: conversation.inbox_id === 'secret' ? 'open' : 'secret' })];
    case 'joined': {
      if (conversation.kind !== 'direct') return [];
      const isIn = conversation.participants.includes(ME);
      return [conversationIs({ ...now, participants: isIn ? ['u2'] : [ME, 'u2'] })];
    }
    case 'read':
    case 'theirs':
      return readChanges(
        state,
        offset,
        conversation,
        what === 'read' ? ME : 'u2',
        Math.max(0, offset - 1 - back * 3),
      );
    case 'all': {
      const before = state.get<MeRow>('me', ME) as MeRow;
      const after = {
        ...before,
        version: offset,
        read_version: offset,
        read_offset: Math.max(before.read_offset, offset - 1 - back),
      };
      return [{ kind: 'me', id: ME, before, after }];
    }
    default:
      return [];
  }
}

/** A cursor goes anywhere, back as well; the row says what is unread after it, which a recount tells. */
function readChanges(
  state: LogState,
  offset: number,
  conversation: ConversationRow,
  userId: string,
  upTo: number,
): Change[] {
  const { id } = conversation;
  const before = state.get<ReadRow>('read', `${id}:${userId}`) ?? null;
  const row = { id: `${id}:${userId}`, version: offset, conversation_id: id, user_id: userId, offset: upTo };
  const cursor = { ...row, unread: 0, first_unread: null };
  const then = state.copy();
  then.apply([{ kind: 'read', id: row.id, before, after: cursor }]);
  const [found] = (rowsSeen(then, { ...looking, userId }) as UnreadRow[]).filter((one) => one.id === id);
  const after = { ...cursor, unread: found?.unread ?? 0, first_unread: found?.first_unread ?? null };
  return [
    { kind: 'read', id: row.id, before, after },
    { kind: 'conversation', id, before: conversation, after: conversation },
  ];
}

function beginning(): LogState {
  const conversation = (id: string, some: object): Row =>
    ({
      id,
      version: 0,
      kind: 'contact',
      inbox_id: 'open',
      participants: [],
      labels: [],
      activity: id,
      ...some,
    }) as Row;
  return new LogState({
    conversation: [
      conversation('a', {}),
      conversation('b', {}),
      conversation('c', { kind: 'direct', inbox_id: null, participants: [ME, 'u2'] }),
    ],
    me: [{ id: ME, version: 0, read_offset: 0, read_version: 0 } as Row],
    access: [{ id: ME, version: 0, hidden: ['secret'], admin: false } as Row],
  });
}

const shown = (rows: readonly Row[]) =>
  JSON.stringify([...rows].sort((one, other) => (one.id < other.id ? -1 : 1)));

test('[U2] the fold shows what a recount shows, whatever happens; or says that only the store can tell', () => {
  let [folded, unknown] = [0, 0];
  fc.assert(
    fc.property(fc.array(deed, { minLength: 1, maxLength: 30 }), fc.nat(20), (deeds, begin) => {
      const state = beginning();
      let tally = null as UnreadTally | null;
      let held = new Map<string, Row>();
      const start = () => {
        tally = tallyOf(state);
        held = new Map(fresh(state).map((row) => [row.id, row]));
      };
      for (const [at, one] of deeds.entries()) {
        const offset = at + 1;
        const changes = changesOf(state, offset, one);
        state.apply(changes);
        if (at < begin) continue;
        if (tally === null) {
          start();
          continue;
        }
        const delta = tally.fold({ offset, at: 0, changes, bytes: 0 });
        if (delta === 'unknown') {
          unknown += 1;
          start();
          continue;
        }
        folded += 1;
        for (const row of [...(delta?.added ?? []), ...(delta?.updated ?? [])]) held.set(row.id, row);
        for (const id of delta?.deleted ?? []) held.delete(id);
        expect(shown([...held.values()])).toBe(shown(fresh(state)));
      }
    }),
    { numRuns: 500 },
  );
  // Else it would be no fold at all.
  expect(unknown).toBeLessThan(folded / 3);
});

test.each(['said', 'own', 'note', 'label', 'read', 'theirs'])(
  'after “%s” the store is never asked',
  (what) => {
    const state = beginning();
    const tally = tallyOf(state);
    for (let offset = 1; offset <= 12; offset += 1) {
      const next = offset % 3 === 0 ? what : 'said';
      const changes = changesOf(state, offset, {
        what: next,
        id: ids[offset % 2] as string,
        back: 1,
      } as Deed);
      state.apply(changes);
      expect(tally.fold({ offset, at: 0, changes, bytes: 0 })).not.toBe('unknown');
    }
  },
);

test('what only others read, or of which only others were told, is no news to this reader', () => {
  const state = beginning();
  state.apply(changesOf(state, 1, { what: 'said', id: 'a', back: 0 }));
  const tally = tallyOf(state);
  const changes = changesOf(state, 2, { what: 'theirs', id: 'a', back: 0 });
  expect(tally.fold({ offset: 2, at: 0, changes, bytes: 0 })).toBeNull();
});
