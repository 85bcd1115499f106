import { expect, test } from 'vitest';
import { keysIn, newInbox } from './new-inbox.ts';

const form = (fields: Record<string, string>) => ({ get: (name: string) => fields[name] ?? null });

test('a mail inbox has an address and no secrets', () => {
  expect(newInbox('mail', form({ name: ' Support ', address: 'help@x.test', app_secret: 's' }))).toEqual({
    kind: 'mail',
    name: 'Support',
    address: 'help@x.test',
    threads: true,
  });
});

test('a WhatsApp inbox has what was typed of its secrets', () => {
  const typed = {
    name: 'W',
    address: '123',
    token: 't',
    app_secret: 's',
    verify_token: 'v',
    phone: '+49 30 1',
  };
  expect(newInbox('whatsapp', form(typed))).toEqual({
    kind: 'whatsapp',
    name: 'W',
    address: '123',
    phone: '+49 30 1',
    threads: true,
    settings: { token: 't', app_secret: 's', verify_token: 'v' },
  });
});

test('an API inbox needs only a name', () => {
  expect(newInbox('api', form({ name: 'App' }))).toEqual({ kind: 'api', name: 'App', threads: true });
});

test('keys that replace others are what was typed, and nothing empty', () => {
  expect(keysIn(form({ token: ' t2 ', app_secret: 's', verify_token: 'v', account_id: '' }))).toEqual({
    token: 't2',
    app_secret: 's',
    verify_token: 'v',
  });
});
