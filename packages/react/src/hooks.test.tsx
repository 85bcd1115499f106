// @vitest-environment jsdom
import type { Row } from '@roost/client';
import { act, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  RoostProvider,
  useConnection,
  useInbox,
  useList,
  useMe,
  useMessage,
  useRoost,
  useUnreadMail,
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

test('a list shows what it holds, follows it, and is let go when nobody shows it', () => {
  const Inbox = ({ filter }: { filter?: string }) => {
    const { rows, isLoading } = useInbox(filter);
    return isLoading ? 'loading' : rows.map(({ id }) => id).join();
  };
  const screen = render(<Inbox />);
  expect(screen.text()).toBe('loading');
  act(() => client.of('inbox').show([row('b'), row('a')]));
  expect(screen.text()).toBe('b,a');
  client.of('inbox?bob').show([row('b')]);
  screen.again(<Inbox filter="bob" />);
  expect(screen.text()).toBe('b');
  expect([client.of('inbox').listenerCount, client.of('inbox?bob').listenerCount]).toEqual([0, 1]);
  unmount();
  expect(client.of('inbox?bob').listenerCount).toBe(0);
  unmount = () => {};
});

test('the same state gives the same object, and its fetchMore reaches the list', async () => {
  const seen: ReturnType<typeof useInbox>[] = [];
  const Inbox = () => {
    seen.push(useInbox());
    return null;
  };
  const screen = render(<Inbox />);
  screen.again(<Inbox />);
  expect(new Set(seen.slice(-2)).size).toBe(1);
  await seen.at(-1)?.fetchMore();
  expect(client.of('inbox').fetchCount).toBe(1);
});

test('lists of any channel take their parameters', () => {
  const Any = () => useList('inbox', { filter: 'carl', limit: 5 }).rows.length;
  client.of('inbox?carl').show([row('x'), row('y')]);
  expect(render(<Any />).text()).toBe('2');
});

test('a message is there, loading, or missing', () => {
  const Message = () => {
    const { message, isLoading, error } = useMessage('m1');
    return `${message?.subject ?? 'none'} ${isLoading} ${error?.code ?? 'fine'}`;
  };
  const screen = render(<Message />);
  expect(screen.text()).toBe('none true fine');
  act(() => client.of('message:m1').show([row('m1', { subject: 'Hello' })]));
  expect(screen.text()).toBe('Hello false fine');
  act(() => client.of('message:m1').show([]));
  expect(screen.text()).toBe('none false fine');
});

test('who I am, what I have not read, and how fresh it all is', () => {
  const Header = () => `${useMe()?.name ?? 'nobody'} ${useUnreadMail().count} ${useConnection().state}`;
  const screen = render(<Header />);
  expect(screen.text()).toBe('nobody 0 live');
  act(() => {
    client.of('me').show([row('u1', { name: 'Ana' })]);
    client.unreadMail.set({ count: 7, atLeast: false });
    client.status.set({ ...client.status.getSnapshot(), state: 'offline' });
  });
  expect(screen.text()).toBe('Ana 7 offline');
});

test('rendered on a server it shows what is known there', () => {
  const Inbox = () => useInbox().rows.length;
  client.of('inbox').show([row('a')]);
  const html = renderToString(
    <RoostProvider client={client}>
      <Inbox />
    </RoostProvider>,
  );
  expect(html).toBe('1');
});

test('the client itself is at hand, and its absence is told', () => {
  const Name = () => String(useRoost() === client);
  expect(render(<Name />).text()).toBe('true');
  const silenced = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(() => renderToString(<Name />)).toThrow('Roost hooks need a <RoostProvider client={…}> above them.');
  silenced.mockRestore();
});
