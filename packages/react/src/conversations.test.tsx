// @vitest-environment jsdom
import type { OutboxEntry, Row } from '@roost/client';
import { act, type ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  useCannedReplies,
  useConversation,
  useConversations,
  useInboxes,
  useLabels,
  useMembers,
  usePresence,
  useSend,
  useThread,
  useTyping,
  useUnread,
} from './index.ts';
import { FakeClient } from './testing/fake-client.ts';
import { type Rendered, renderWith } from './testing/render.tsx';

const row = (id: string, more: object = {}): Row => ({ id, version: 1, ...more });
let client: FakeClient;
let unmount: () => void;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  client = new FakeClient();
  unmount = () => {};
});

afterEach(() => {
  unmount();
  vi.unstubAllGlobals();
});

function render(children: ReactNode): Rendered {
  const screen = renderWith(client, children);
  unmount = screen.unmount;
  return screen;
}

const entry = (text: string): OutboxEntry => ({
  id: text,
  conversation_id: 'c1',
  draft: { text },
  at: 0,
  state: 'queued',
  says: 'Waits.',
  error: null,
  retry: () => {},
  discard: () => {},
});

test('conversations are those of a view, and another view is another list', () => {
  const List = ({ view }: { view: 'open' | 'mine' }) =>
    useConversations({ view })
      .rows.map(({ subject }) => subject)
      .join();
  client.of('conversations?open').show([row('c1', { subject: 'one' })]);
  client.of('conversations?mine').show([row('c2', { subject: 'two' })]);
  const screen = render(<List view="open" />);
  expect(screen.text()).toBe('one');
  screen.again(<List view="mine" />);
  expect(screen.text()).toBe('two');
  expect(client.of('conversations?open').listenerCount).toBe(0);
});

test('a conversation is there, loading, or gone', () => {
  const One = () => {
    const { conversation, isLoading } = useConversation('c1');
    return `${conversation?.subject ?? 'none'} ${isLoading}`;
  };
  const screen = render(<One />);
  expect(screen.text()).toBe('none true');
  act(() => client.of('conversation:c1').show([row('c1', { subject: 'Hello' })]));
  expect(screen.text()).toBe('Hello false');
  act(() => client.of('conversation:c1').show([]));
  expect(screen.text()).toBe('none false');
});

test('a thread shows its messages and what waits to be sent, each once even where both change at once', () => {
  const seen: string[] = [];
  const Thread = () => {
    const { rows, pending } = useThread('c1');
    const said = [...rows].reverse().map(({ text }) => text);
    const text = [...said, ...pending.map(({ draft }) => `(${draft.text})`)].join(' ');
    seen.push(text);
    return text;
  };
  client.of('thread:c1').show([row('m1', { text: 'question' })]);
  const screen = render(<Thread />);
  act(() => client.outbox('c1').set([entry('answer')]));
  expect(screen.text()).toBe('question (answer)');
  act(() => {
    // As the client does it: everything is written before anybody is told.
    client.outbox('c1').set([]);
    client.of('thread:c1').show([row('m2', { text: 'answer' }), row('m1', { text: 'question' })]);
  });
  expect(screen.text()).toBe('question answer');
  expect(new Set(seen)).toEqual(new Set(['question', 'question (answer)', 'question answer']));
});

test('sending is the client’s, and stays the same function', () => {
  const sends = new Set<unknown>();
  const Composer = () => {
    const send = useSend('c1');
    sends.add(send);
    return <button type="button" onClick={() => send({ text: 'hello' })} />;
  };
  const screen = render(<Composer />);
  screen.again(<Composer />);
  expect(sends.size).toBe(1);
  act(() => void [...sends].map((send) => (send as ReturnType<typeof useSend>)({ text: 'hello' })));
  expect(client.sent).toEqual([{ conversationId: 'c1', draft: { text: 'hello' } }]);
});

test('what is unread follows the client', () => {
  const Badge = () => {
    const unread = useUnread();
    return `${unread.messages} ${unread.of('c1')}`;
  };
  const screen = render(<Badge />);
  expect(screen.text()).toBe('0 0');
  act(() => client.unread.set({ ...client.unread.getSnapshot(), messages: 3, of: () => 2 }));
  expect(screen.text()).toBe('3 2');
});

test('members, inboxes, labels and canned replies are lists of their own', () => {
  const All = () =>
    [useMembers(), useInboxes(), useLabels(), useCannedReplies()].map(({ rows }) => rows.length).join();
  for (const [at, name] of ['members', 'inboxes', 'labels', 'canned_replies'].entries())
    client.of(name).show(Array.from({ length: at + 1 }, (_, n) => row(String(n))));
  expect(render(<All />).text()).toBe('1,2,3,4');
});

test('who is here, who has the conversation open, who is typing in it', () => {
  const Who = () => {
    const { userIds, type } = useTyping('c1');
    const names = [usePresence(), usePresence('c1')].map((all) =>
      all.map(({ user_id }) => user_id).join('+'),
    );
    return (
      <button type="button" onClick={type}>
        {[...names, userIds.join('+')].join(' ')}
      </button>
    );
  };
  const screen = render(<Who />);
  const online = (user_id: string) => ({ user_id, state: 'online', until: 1 }) as const;
  act(() => {
    client.presence.set([online('ana'), online('bob')]);
    client.presenceIn('thread:c1').set([online('bob')]);
    client.typing('thread:c1').set(['bob']);
  });
  expect(screen.text()).toBe('ana+bob bob bob');
});

test('typing is told of the thread', () => {
  let type = () => {};
  const Composer = () => {
    type = useTyping('c1').type;
    return null;
  };
  render(<Composer />);
  type();
  expect(client.typed).toEqual(['thread:c1']);
});
