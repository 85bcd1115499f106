import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

const html = { accept: 'text/html,application/xhtml+xml' };

describe('the web page', () => {
  let world: World;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'roost-page-'));
    await mkdir(join(root, 'assets'));
    await writeFile(join(root, 'index.html'), '<!doctype html><title>Roost</title>');
    await writeFile(join(root, 'assets', 'main-abc123.js'), 'export {};');
    world = await openWorld({ webRoot: root });
  });
  afterAll(async () => {
    await world.close();
    await rm(root, { recursive: true });
  });

  test.each(['/', '/sign-in', '/messages/000000001'])('%s opens it', async (url) => {
    const answer = await world.ask('GET', url, { headers: html });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  test('nothing inline runs in it, and nobody frames it', async () => {
    const { headers } = await world.ask('GET', '/', { headers: html });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('a file named after its content is kept for ever', async () => {
    const answer = await world.ask('GET', '/assets/main-abc123.js');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toMatch(/^(text|application)\/javascript/);
  });

  test.each([
    ['a file that is gone', '/assets/main-old.js', {}],
    ['an API address', '/api/v1/nothing', html],
    ['a way out of the folder', '/..%2f..%2fetc%2fpasswd', {}],
  ])('%s is not the page', async (_what, url, headers) => {
    const answer = await world.ask('GET', url, { headers });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('route.unknown');
  });
});

test('a server whose page was not built says so', async () => {
  const world = await openWorld();
  expect((await world.ask('GET', '/')).body).toMatch(/npm run build/);
  await world.close();
});

test('over HTTPS browsers are told to stay there', async () => {
  const world = await openWorld({ isHttpsOutside: true });
  expect((await world.ask('GET', '/')).headers['strict-transport-security']).toMatch(/^max-age=/);
  await world.close();
});
