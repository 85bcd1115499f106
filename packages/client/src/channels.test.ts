import type { ConversationRow, MeRow, MessageRow, OpenMessage, Row, UnreadRow } from '@roost/protocol';
import { viewOfChannel } from '@roost/protocol';
import { expect, expectTypeOf, test } from 'vitest';
import type { Channel, ParamsOf, RowOf } from './channels.ts';

test('a channel’s name says what rows it has', () => {
  expectTypeOf<RowOf<'conversations'>>().toEqualTypeOf<ConversationRow>();
  expectTypeOf<RowOf<`thread:${string}`>>().toEqualTypeOf<MessageRow>();
  expectTypeOf<RowOf<'message:m1'>>().toEqualTypeOf<OpenMessage>();
  expectTypeOf<RowOf<'unread'>>().toEqualTypeOf<UnreadRow>();
  expectTypeOf<RowOf<'me'>>().toEqualTypeOf<MeRow>();
  expectTypeOf<RowOf<'weather'>>().toEqualTypeOf<Row>();
  expectTypeOf<RowOf<string>>().toEqualTypeOf<Row>();
});

test('and what may be asked of it', () => {
  expectTypeOf<{ view: 'mine'; inbox: string }>().toExtend<ParamsOf<'conversations'>>();
  expectTypeOf<{ view: 'nowhere' }>().not.toExtend<ParamsOf<'conversations'>>();
  expectTypeOf<ParamsOf<'members'>>().toEqualTypeOf<{ readonly limit?: number | undefined }>();
  expectTypeOf<{ view: string; filter: string }>().toExtend<ParamsOf<string>>();
});

/** Every channel that this package names; forgetting one does not compile. */
const names: Record<
  Channel extends infer Name ? (Name extends `${infer Word}:${string}` ? Word : Name) & string : never,
  string
> = {
  inbox: 'inbox',
  me: 'me',
  conversations: 'conversations',
  unread: 'unread',
  direct: 'direct',
  members: 'members',
  inboxes: 'inboxes',
  labels: 'labels',
  canned_replies: 'canned_replies',
  contacts: 'contacts',
  templates: 'templates',
  message: 'message:1',
  conversation: 'conversation:1',
  thread: 'thread:1',
  reads: 'reads:1',
  contact: 'contact:1',
};

test.each(Object.values(names))('the protocol knows %s', (name) => {
  expect(viewOfChannel(name, {}, { user_id: 'u1', hidden: [] }).channel).toBe(name);
});
