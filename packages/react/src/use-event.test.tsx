// @vitest-environment jsdom
import type { EventData } from '@roost/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useEvent } from './index.ts';
import { FakeClient } from './testing/fake-client.ts';
import { renderWith } from './testing/render.tsx';

const updated = (contactId: string): EventData<'contact:updated'> => ({
  contactId,
  contactName: null,
  phoneNumber: null,
  phoneNumbers: [],
  emails: [],
  externalIds: [],
  fields: {},
  isNew: false,
  timestamp: '2026-03-01T10:00:00.000Z',
});

beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));
afterEach(() => vi.unstubAllGlobals());

test('an event reaches the listener of the last render, while somebody shows it', () => {
  const client = new FakeClient();
  const heard: string[] = [];
  const Bell = ({ tone }: { tone: string }) => {
    useEvent('contact:updated', ({ contactId }) => heard.push(`${tone} ${contactId}`));
    return tone;
  };
  const screen = renderWith(client, <Bell tone="ding" />);
  const [entry] = client.hearing;
  client.happen('contact:updated', updated('k1'));
  screen.again(<Bell tone="dong" />);
  client.happen('contact:updated', updated('k2'));
  expect(heard).toEqual(['ding k1', 'dong k2']);
  // A new function with every render, and one and the same subscription.
  expect([client.hearing.length, client.hearing[0] === entry]).toEqual([1, true]);
  screen.unmount();
  client.happen('contact:updated', updated('k3'));
  expect([heard.length, client.hearing.length]).toEqual([2, 0]);
});
