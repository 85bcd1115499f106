import type { Change, ContactRow, ConversationRow, MessageRow, ReadRow } from '@roost/protocol';
import { EVENT_NAMES, eventData } from '@roost/protocol/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAmongMembers, mayHear, namedEvents } from './index.ts';

const AT = Date.UTC(2030, 0, 1, 12);
const NOW = new Date(AT).toISOString();

function conversation(some: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: 'c1',
    version: 7,
    kind: 'contact',
    inbox_id: 'i1',
    contact: { id: 'p1', name: 'Ann Lee', address: '+4930123456' },
    participants: [],
    subject: 'An order',
    status: 'open',
    snoozed_until: null,
    resolved_at: null,
    assignee_id: null,
    labels: [],
    last_message: null,
    last_activity_at: '2030-01-01T11:59:00.000Z',
    activity: 'm1',
    answer_offset: 0,
    inbound_offset: 0,
    reply_until: null,
    created_at: NOW,
    ...some,
  };
}

const direct = conversation({
  kind: 'direct',
  inbox_id: null,
  contact: null,
  participants: ['u1', 'u2', 'u3'],
});

function message(some: Partial<MessageRow> = {}): MessageRow {
  return {
    id: 'm1',
    version: 7,
    inbox_id: 'i1',
    conversation_id: 'c1',
    via: 'whatsapp',
    kind: 'inbound',
    author_id: null,
    received_at: '2030-01-01T11:59:59.000Z',
    from: 'Ann Lee',
    to: [],
    subject: '',
    snippet: 'Hello, I need …',
    text: 'Hello, I need help with my order',
    parts: [],
    reply_to: null,
    reactions: [],
    status: null,
    error: null,
    size_bytes: 5,
    attachment_count: 0,
    problem: null,
    ...some,
  };
}

function contact(some: Partial<ContactRow> = {}): ContactRow {
  return {
    id: 'p1',
    version: 7,
    name: 'Ann Lee',
    emails: ['ann@example.org'],
    phones: ['+4930123456'],
    external_ids: [],
    fields: { city: 'Berlin' },
    created_at: NOW,
    ...some,
  };
}

function read(some: Partial<ReadRow> = {}): ReadRow {
  return {
    id: 'c1:u1',
    version: 7,
    conversation_id: 'c1',
    user_id: 'u1',
    offset: 6,
    unread: 0,
    first_unread: null,
    ...some,
  };
}

type Rows = { readonly [Kind in Change['kind']]?: readonly [unknown, unknown] };

function changesOf(rows: Rows): Change[] {
  return Object.entries(rows).map(([kind, [before, after]]) => ({
    kind: kind as Change['kind'],
    id: ((after ?? before) as { id: string }).id,
    before: before as Change['before'],
    after: after as Change['after'],
  }));
}

function eventsOf(rows: Rows) {
  return namedEvents({ at: AT, changes: changesOf(rows) });
}

const unchanged = [conversation(), conversation()] as const;
const sent = message({ kind: 'outbound', author_id: 'u1', status: 'sent' });
const queued = { ...sent, status: 'queued' as const };

/** What happened, and the events that are told of it, in order. */
const cases: readonly (readonly [string, Rows, readonly string[]])[] = [
  [
    'a contact writes',
    { conversation: [conversation(), conversation({ version: 8 })], message: [null, message()] },
    ['message:received', 'conversation:unread_updated'],
  ],
  [
    'a contact writes for the first time',
    { contact: [null, contact()], conversation: [null, conversation()], message: [null, message()] },
    ['contact:updated', 'conversation:created', 'message:received', 'conversation:unread_updated'],
  ],
  [
    'a contact writes to what was closed',
    { conversation: [conversation({ status: 'closed' }), conversation()], message: [null, message()] },
    ['message:received', 'conversation:reopened', 'conversation:unread_updated'],
  ],
  [
    'mail comes to an inbox without conversations',
    { message: [null, message({ conversation_id: null })] },
    ['message:received'],
  ],
  ['the same mail gets another recipient', { message: [message(), message({ version: 8 })] }, []],
  ['an answer is written', { conversation: unchanged, message: [null, queued] }, []],
  [
    'it is handed over',
    { conversation: unchanged, message: [queued, sent] },
    ['message:sent', 'message:status'],
  ],
  [
    'it is delivered before anybody said that it was handed over',
    { conversation: unchanged, message: [queued, { ...sent, status: 'delivered' }] },
    ['message:sent', 'message:status'],
  ],
  [
    'it is read',
    { conversation: unchanged, message: [sent, { ...sent, status: 'read' }] },
    ['message:status'],
  ],
  [
    'it fails',
    { conversation: unchanged, message: [queued, { ...sent, status: 'failed', error: 'No such number.' }] },
    ['message:status', 'message:failed'],
  ],
  [
    'nobody knows what became of it',
    { conversation: unchanged, message: [queued, { ...sent, status: 'unknown' }] },
    ['message:status'],
  ],
  ['it waits for another attempt', { message: [queued, { ...queued, error: 'Later.' }] }, []],
  [
    'a visitor has it at once',
    { conversation: unchanged, message: [null, { ...sent, via: 'api' }] },
    ['message:sent'],
  ],
  ['a note', { conversation: unchanged, message: [null, message({ kind: 'note' })] }, []],
  ['the server’s own words', { conversation: unchanged, message: [null, message({ kind: 'system' })] }, []],
  [
    'a message is removed',
    { conversation: [conversation(), conversation({ version: 8 })], message: [message(), null] },
    ['conversation:unread_updated'],
  ],
  [
    'a colleague writes',
    { conversation: [direct, direct], message: [null, { ...sent, via: 'direct', inbox_id: null }] },
    ['message:received', 'message:sent', 'conversation:unread_updated'],
  ],
  [
    'a colleague writes, nobody knows to whom',
    { message: [null, { ...sent, via: 'direct', inbox_id: null }] },
    [],
  ],
  ['somebody begins a direct conversation', { conversation: [null, direct] }, ['conversation:created']],
  ['closed', { conversation: [conversation(), conversation({ status: 'closed' })] }, ['conversation:closed']],
  [
    'archived',
    { conversation: [conversation(), conversation({ status: 'archived' })] },
    ['conversation:archived'],
  ],
  [
    'snoozed',
    { conversation: [conversation(), conversation({ status: 'snoozed', snoozed_until: NOW })] },
    ['conversation:snoozed'],
  ],
  [
    'the snooze is over',
    { conversation: [conversation({ status: 'snoozed', snoozed_until: NOW }), conversation()] },
    ['conversation:reopened'],
  ],
  ['set to pending', { conversation: [conversation(), conversation({ status: 'pending' })] }, []],
  [
    'assigned',
    { conversation: [conversation(), conversation({ assignee_id: 'u1' })] },
    ['conversation:assigned'],
  ],
  [
    'unassigned',
    { conversation: [conversation({ assignee_id: 'u1' }), conversation()] },
    ['conversation:assigned'],
  ],
  ['labelled', { conversation: [conversation(), conversation({ labels: ['vip'] })] }, []],
  [
    'closed and assigned at once',
    { conversation: [conversation(), conversation({ status: 'closed', assignee_id: 'u1' })] },
    ['conversation:closed', 'conversation:assigned'],
  ],
  ['somebody has read', { read: [null, read()], conversation: unchanged }, ['conversation:unread_updated']],
  ['somebody has read, nobody knows what', { read: [null, read()] }, []],
  [
    'a contact gets another name',
    { contact: [contact(), contact({ version: 8, name: 'Ann' })] },
    ['contact:updated'],
  ],
  ['a contact is named without a change', { contact: [contact(), contact()] }, []],
];

describe('what is told', () => {
  test.each(cases)('%s', (_what, rows, expected) => {
    const events = eventsOf(rows);
    expect(events.map(({ event }) => event.event)).toEqual(expected);
    for (const { event } of events)
      expect(eventData[event.event].strict().parse(event.data)).toEqual(event.data);
  });

  test('every event is told by one of these', () => {
    expect([...new Set(cases.flatMap(([, , names]) => names))].sort()).toEqual([...EVENT_NAMES].sort());
  });

  test.each(['member', 'me', 'access', 'inbox', 'label', 'canned_reply', 'session'] as const)(
    'nothing of a change of %s',
    (kind) => {
      expect(eventsOf({ [kind]: [null, { id: 'x', version: 7 }] })).toEqual([]);
    },
  );
});

test('mail in quarantine is told to nobody, and once it is let through as if it came then', () => {
  const state = { decision: 'INBOX' } as NonNullable<MessageRow['mail']>;
  const through = message({ conversation_id: null, mail: state });
  const kept = message({ conversation_id: null, mail: { ...state, decision: 'QUARANTINE' } });
  expect(eventsOf({ message: [null, kept] })).toEqual([]);
  expect(eventsOf({ message: [kept, null] })).toEqual([]);
  expect(eventsOf({ message: [through, kept] })).toEqual([]);
  expect(eventsOf({ message: [kept, through] }).map(({ event }) => event.event)).toEqual([
    'message:received',
  ]);
});

test('a message that came has the documented fields', () => {
  const [received, unread] = eventsOf(cases[0]?.[1] as Rows);
  expect(received?.event.data).toMatchObject({
    messageId: 'm1',
    conversationId: 'c1',
    contactId: 'p1',
    contactName: 'Ann Lee',
    phoneNumber: '+4930123456',
    body: 'Hello, I need help with my order',
    timestamp: '2030-01-01T11:59:59.000Z',
  });
  expect(unread?.event.data).toMatchObject({
    conversationId: 'c1',
    contactId: 'p1',
    contactName: 'Ann Lee',
    phoneNumber: '+4930123456',
    lastMessageAt: '2030-01-01T11:59:00.000Z',
    unreadCount: null,
  });
});

test('a contact whom nobody knows by name has none', () => {
  const nameless = conversation({ contact: { id: 'p1', name: '', address: 'ann@example.org' } });
  const [event] = eventsOf({ conversation: [nameless, nameless], message: [null, message()] });
  expect(event?.event.data).toMatchObject({
    contactName: null,
    phoneNumber: null,
    address: 'ann@example.org',
  });
});

test('one’s own reading has one’s own count, and is told to nobody else', () => {
  const [event] = eventsOf({
    read: [null, read({ unread: 3, first_unread: 'm0' })],
    conversation: unchanged,
  });
  expect(event?.event.data).toMatchObject({ userId: 'u1', unreadCount: 3 });
  expect(event?.audience).toEqual({ inbox_id: 'i1', user_ids: ['u1'] });
});

test('a direct message is received by the others and sent for its author', () => {
  const events = eventsOf({
    conversation: [direct, direct],
    message: [null, { ...sent, via: 'direct', inbox_id: null }],
  });
  expect(events.map(({ audience }) => audience.user_ids)).toEqual([['u2', 'u3'], ['u1'], ['u2', 'u3']]);
  expect(events.every(({ audience }) => isAmongMembers(audience))).toBe(true);
});

test('a conversation that an entry names twice is told of once, by its first and its last state', () => {
  const changes = [
    ...changesOf({ conversation: unchanged }),
    ...changesOf({ conversation: [conversation(), conversation({ status: 'closed' })] }),
  ];
  expect(namedEvents({ at: AT, changes }).map(({ event }) => event.event)).toEqual(['conversation:closed']);
});

const someConversation = fc.record({
  kind: fc.constantFrom('contact' as const, 'direct' as const),
  inbox: fc.constantFrom('i1', 'i2'),
  status: fc.constantFrom(
    'open' as const,
    'pending' as const,
    'snoozed' as const,
    'closed' as const,
    'archived' as const,
  ),
  assignee_id: fc.constantFrom(null, 'u1', 'u2'),
  participants: fc.uniqueArray(fc.constantFrom<string>('u1', 'u2', 'u3'), { minLength: 2 }),
  name: fc.string(),
});
const someMessage = fc.record({
  kind: fc.constantFrom('inbound' as const, 'outbound' as const, 'note' as const, 'system' as const),
  status: fc.constantFrom(
    null,
    'queued' as const,
    'sent' as const,
    'read' as const,
    'failed' as const,
    'unknown' as const,
  ),
  author_id: fc.constantFrom('u1', 'u2'),
  text: fc.option(fc.string()),
  is_there: fc.boolean(),
});

test('whatever an entry holds: events have their shape, hold only what its rows hold, and reach only who may see those', () => {
  fc.assert(
    fc.property(
      fc.tuple(someConversation, fc.option(someConversation), fc.boolean()),
      fc.tuple(someMessage, someMessage),
      fc.boolean(),
      ([is, was, isNamed], [after, before], hasRead) => {
        const isDirect = is.kind === 'direct';
        const rowOf = ({ inbox: _, name, ...some }: typeof is) =>
          conversation({
            ...some,
            kind: is.kind,
            inbox_id: isDirect ? null : is.inbox,
            contact: isDirect ? null : { id: 'p1', name, address: 'ann@example.org' },
            participants: isDirect ? is.participants : [],
            snoozed_until: some.status === 'snoozed' ? NOW : null,
          });
        const messageOf = ({ is_there, ...some }: typeof after) =>
          is_there
            ? message({ ...some, inbox_id: isDirect ? null : is.inbox, via: isDirect ? 'direct' : 'mail' })
            : null;
        const [m0, m1] = [messageOf(before), messageOf(after)];
        const rows: Rows = {
          ...(isNamed && { conversation: [was && rowOf(was), rowOf(is)] }),
          ...((m0 || m1) && { message: [m0, m1] }),
          ...(hasRead && { read: [null, read()] }),
        };
        const written = JSON.stringify(rows);
        for (const { event, audience } of eventsOf(rows)) {
          expect(eventData[event.event].strict().safeParse(event.data).error).toBeUndefined();
          for (const [field, value] of Object.entries(event.data))
            if (typeof value === 'string' && field !== 'timestamp')
              expect(written).toContain(JSON.stringify(value));
          const hearers = ['u1', 'u2', 'u3', 'u4'].filter((id) => mayHear(audience, id, ['i1']));
          for (const id of hearers)
            expect(isDirect ? is.participants.includes(id) : is.inbox !== 'i1').toBe(true);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
