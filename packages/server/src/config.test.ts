import { describe, expect, test } from 'vitest';
import { BadSetting, readConfig, settings, shownValue, unknownVariables } from './config.ts';

describe('settings', () => {
  test('without any variable everything has a default', () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      smtpPort: 2525,
      host: '127.0.0.1',
      mailDomains: ['localhost', '*.test', '*.localhost'],
      ownerEmail: 'owner@localhost',
      ownerPassword: null,
      databaseUrl: null,
      allowedOrigins: [],
      enableWs: true,
      trustProxy: 0,
      mailMaxBytes: 26_214_400,
      logDays: 7,
      logLevel: 'info',
    });
  });

  test('an empty variable counts as left out', () => {
    expect(readConfig({ ROOST_PORT: '', ROOST_DATABASE_URL: ' ' })).toEqual(readConfig({}));
  });

  test('lists, truths and URLs are read', () => {
    const config = readConfig({
      ROOST_MAIL_DOMAINS: ' Example.org , *.Example.org,ann@example.com ',
      ROOST_ALLOWED_ORIGINS: 'https://app.example.org,http://localhost:5173',
      ROOST_ENABLE_WS: 'false',
      ROOST_TRUST_PROXY: 'true',
      ROOST_PUBLIC_URL: 'https://mail.example.org/',
    });
    expect(config.mailDomains).toEqual(['example.org', '*.example.org', 'ann@example.com']);
    expect(config.allowedOrigins).toEqual(['https://app.example.org', 'http://localhost:5173']);
    expect(config.enableWs).toBe(false);
    expect(config.trustProxy).toBe(1);
    expect(config.publicUrl).toBe('https://mail.example.org');
  });

  test.each([
    ['ROOST_PORT', '80a', 'ROOST_PORT (“80a”) is not a whole number.'],
    ['ROOST_PORT', '70000', 'ROOST_PORT (“70000”) is not between 0 and 65535.'],
    ['ROOST_ENABLE_WS', 'maybe', 'ROOST_ENABLE_WS (“maybe”) is neither “true” nor “false”.'],
    ['ROOST_LOG_LEVEL', 'loud', 'is none of fatal, error'],
    [
      'ROOST_DATABASE_URL',
      'mysql://x',
      'ROOST_DATABASE_URL is not a URL that starts with postgres:// or postgresql://.',
    ],
    ['ROOST_ALLOWED_ORIGINS', '*', 'not an exact origin'],
    ['ROOST_ALLOWED_ORIGINS', 'https://a.example/path', 'not an exact origin'],
    ['ROOST_MAIL_DOMAINS', 'a b', 'neither a domain'],
    ['ROOST_OWNER_EMAIL', 'ann', 'ROOST_OWNER_EMAIL (“ann”) is not an e-mail address.'],
    ['ROOST_TLS_KEY', 'key.pem', 'ROOST_TLS_KEY needs ROOST_TLS_CERT beside it.'],
    ['ROOST_PUBLIC_URL', 'https://a.example/inbox', 'must not have a path'],
  ])('%s=%s is refused with a sentence that names it', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(BadSetting);
    expect(() => readConfig({ [name]: value })).toThrow(sentence);
  });

  test('secrets never show', () => {
    const env = {
      ROOST_OWNER_PASSWORD: 'hunter2hunter2',
      ROOST_DATABASE_URL: 'postgres://u:pw@db:5432/roost',
    };
    expect(shownValue(settings.ownerPassword, env)).toBe('(set, not shown)');
    expect(shownValue(settings.databaseUrl, env)).toBe('postgres://u:***@db:5432/roost');
    expect(shownValue(settings.redisUrl, env)).toBe('(not set)');
    expect(() => readConfig({ ROOST_DATABASE_URL: 'mysql://u:pw@x' })).not.toThrow(/pw/);
  });

  test('a misspelled variable is found', () => {
    expect(unknownVariables({ ROOST_PROT: '1', ROOST_PORT: '1', HOME: '/' })).toEqual(['ROOST_PROT']);
  });

  test('each setting says in one sentence what it is for', () => {
    for (const { name, says } of Object.values(settings)) {
      expect(name).toMatch(/^ROOST_[A-Z_]+$/);
      expect(says).toMatch(/^[A-Z].*\.$/);
    }
  });
});

test('a key for DKIM needs its selector; a mail server is named by a URL', () => {
  expect(readConfig({ ROOST_SMTP_URL: 'smtp://me:pw@mail.example.org:587' }).smtpUrl).toBe(
    'smtp://me:pw@mail.example.org:587',
  );
  expect(() => readConfig({ ROOST_SMTP_URL: 'mail.example.org' })).toThrow(
    'ROOST_SMTP_URL is not a URL that starts with smtp:// or smtps://.',
  );
  expect(() => readConfig({ ROOST_PUBLIC_URL: 'roost.example.org' })).toThrow(
    'ROOST_PUBLIC_URL (“roost.example.org”) is not a URL that starts with http:// or https://.',
  );
  expect(() => readConfig({ ROOST_DKIM_KEY: '/k' })).toThrow(
    'ROOST_DKIM_KEY needs ROOST_DKIM_SELECTOR beside it.',
  );
  expect(() => readConfig({ ROOST_DKIM_SELECTOR: 's1' })).toThrow(
    'ROOST_DKIM_SELECTOR needs ROOST_DKIM_KEY beside it.',
  );
  expect(() => readConfig({ ROOST_DKIM_KEY: '/k', ROOST_DKIM_SELECTOR: 's1; p=x' })).toThrow(
    'is not a name of the DNS',
  );
  expect(shownValue(settings.smtpUrl, { ROOST_SMTP_URL: 'smtp://me:pw@mail.example.org' })).not.toContain(
    'pw',
  );
});
