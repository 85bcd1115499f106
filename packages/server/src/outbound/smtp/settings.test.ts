import { expect, test } from 'vitest';
import { readSmtpUrl } from './settings.ts';

test('a password goes over a network only encrypted', () => {
  expect(readSmtpUrl('smtp://me%40x.org:p%3A%2Fw@mail.example.org')).toEqual({
    host: 'mail.example.org',
    port: 587,
    tls: 'needed',
    trustAnyCertificate: false,
    auth: { user: 'me@x.org', pass: 'p:/w' },
    name: null,
  });
  expect(readSmtpUrl('smtp://me:pw@localhost:2525').tls).toBe('tried');
  expect(readSmtpUrl('smtp://me:pw@10.0.0.1?tls=none').tls).toBe('none');
});

test('without a password encryption is used where it is offered', () => {
  expect(readSmtpUrl('smtp://relay.internal:25')).toMatchObject({ port: 25, tls: 'tried', auth: null });
  expect(readSmtpUrl('smtp://relay.internal?tls=needed&name=roost.example.org')).toMatchObject({
    tls: 'needed',
    name: 'roost.example.org',
  });
});

test('smtps is encrypted from the first byte; an address in brackets is one', () => {
  expect(readSmtpUrl('smtps://[::1]?verify=no')).toMatchObject({
    host: '::1',
    port: 465,
    tls: 'whole',
    trustAnyCertificate: true,
  });
});
