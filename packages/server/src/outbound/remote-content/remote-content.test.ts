import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../clock.ts';
import { AddressRule } from '../guard/index.ts';
import type { LookupAll } from '../guard/judged-lookup.ts';
import { imageType } from './image-type.ts';
import { RemoteContent } from './remote-content.ts';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let server: Server;
let port: number;
let asked: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
/** Where names lead, as DNS answers one after the other; each answer is used once, the last one for ever. */
let names: Record<string, string[][]>;

const lookup: LookupAll = (hostname, _options, done) => {
  const answers = names[hostname];
  const found = answers && answers.length > 1 ? answers.shift() : answers?.[0];
  if (!found) return done(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), []);
  done(
    null,
    found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
};

beforeEach(async () => {
  asked = [];
  names = {};
  answer = (_request, response) => response.writeHead(200, { 'content-type': 'image/gif' }).end(GIF);
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** What comes of asking, or the code and sentence of why nothing does. */
async function image(url: string, allowed: readonly string[] = ['127.0.0.1']) {
  const remote = new RemoteContent(new AddressRule(allowed), systemClock, lookup);
  try {
    return (await remote.image(url)).type;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
const here = (path = '/a.gif') => `http://127.0.0.1:${port}${path}`;

describe('a picture', () => {
  test('is fetched without a word about who looks at it', async () => {
    expect(await image(here('/a.gif?u=1#part'))).toBe('image/gif');
    const [request] = asked;
    expect(request?.url).toBe('/a.gif?u=1');
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(request?.headers['user-agent']).toBe('Roost');
  });

  test('is what its bytes are, not what its sender says', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(PNG);
    expect(await image(here())).toBe('image/png');
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end('<svg onload="alert(1)"/>');
    expect(await image(here())).toMatch(/content.unavailable: It is not a picture/);
  });

  test.each([
    ['GIF89a', 'image/gif'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x1cftypavif\0\0\0\0', 'image/avif'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', null],
    ['<!doctype html>', null],
    ['BM is a brand of cars, and no bitmap', null],
    ['%PDF-1.4', null],
    ['', null],
  ])('%j is %s', (text, type) => {
    expect(imageType(Buffer.from(text, 'latin1'))).toBe(type);
  });

  test('that is too large is given up, whatever length it announced', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-length': '5000001' }).end();
    expect(await image(here())).toMatch(/too large/);
    answer = (_request, response) => {
      response.writeHead(200);
      response.write(GIF);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await image(here())).toMatch(/too large/);
  });

  test('that never ends is given up in time', async () => {
    answer = (_request, response) => response.writeHead(200).write(GIF);
    const strikes: (() => void)[] = [];
    const after = (_ms: number, run: () => void) => {
      strikes.push(run);
      return () => {};
    };
    const clock = { ...systemClock, after };
    const remote = new RemoteContent(new AddressRule(['127.0.0.1']), clock, lookup);
    const waiting = expect(remote.image(here())).rejects.toMatchObject({ code: 'content.unavailable' });
    await expect.poll(() => asked.length).toBe(1);
    for (const strike of strikes) strike();
    await waiting;
  });

  test('that cannot be had says so', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    expect(await image(here())).toBe('content.unavailable: The answer was 404.');
    expect(await image('http://nowhere.example/a.gif')).toMatch(/content.unavailable: Nobody answers/);
    answer = (request) => request.socket.destroy();
    expect(await image(here())).toMatch(/content.unavailable/);
  });
});

describe('an address that is nobody’s business is not asked', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:a00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://100.100.100.200/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://192.168.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
  ])('%s', async (url) => {
    expect(await image(url, [])).toMatch(/^content.refused: The address .* is not public/);
  });

  test.each([
    ['ftp://8.8.8.8/a.gif', /Only http/],
    ['file:///etc/passwd', /Only http/],
    ['gopher://8.8.8.8/', /Only http/],
    ['data:image/gif;base64,R0lGODlh', /Only http/],
    ['http://user:secret@8.8.8.8/', /name or a password/],
    ['http://8.8.8.8:22/', /usual ports/],
    ['http://8.8.8.8:6379/', /usual ports/],
    ['//8.8.8.8/', /not an address/],
    [`http://8.8.8.8/${'a'.repeat(5_000)}`, /not an address/],
  ])('%s', async (url, says) => {
    const told = await image(url, []);
    expect(told).toMatch(/^content.refused/);
    expect(told).toMatch(says);
  });

  test('nor a name that leads to one, among others or alone', async () => {
    names = { 'inside.example': [['10.0.0.7']], 'both.example': [['8.8.8.8', '::1']] };
    expect(await image('http://inside.example/', [])).toMatch(/^content.refused: The address 10.0.0.7/);
    expect(await image('http://both.example/', [])).toMatch(/^content.refused: The address ::1/);
  });

  test('nor does a redirect lead there', async () => {
    answer = (_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    expect(await image(here())).toMatch(/^content.refused: The address 169.254.169.254/);
    expect(asked).toHaveLength(1);
  });

  test('a name that leads elsewhere when it is looked up again is judged again', async () => {
    // The first answer may be reached, the second, a moment later, may not: the classic rebinding.
    names = { 'rebind.example': [['127.0.0.1'], ['127.0.0.2']] };
    answer = (_request, response) => response.writeHead(302, { location: '/again' }).end();
    const rule = new AddressRule(['127.0.0.1']);
    const remote = new RemoteContent(rule, systemClock, lookup);
    // Port 80 of 127.0.0.1 is nobody's here; that it was tried shows that the first answer was used as it stood.
    await expect(remote.image('http://rebind.example/')).rejects.toMatchObject({
      code: 'content.unavailable',
    });
    await expect(remote.image('http://rebind.example/')).rejects.toMatchObject({ code: 'content.refused' });
  });
});

describe('redirects', () => {
  test('are followed a few times, relative ones as well', async () => {
    answer = (request, response) => {
      if (request.url === '/3') response.writeHead(200).end(GIF);
      else response.writeHead(301, { location: `/${Number(request.url?.slice(1)) + 1}` }).end();
    };
    expect(await image(here('/0'))).toBe('image/gif');
    expect(asked.map(({ url }) => url)).toEqual(['/0', '/1', '/2', '/3']);
  });

  test('and not for ever', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/' }).end();
    expect(await image(here())).toMatch(/sent on too often/);
    expect(asked).toHaveLength(4);
  });

  test('carry no cookie that was set on the way', async () => {
    answer = (request, response) => {
      if (request.url === '/a.gif') response.writeHead(302, { location: '/b', 'set-cookie': 'id=1' }).end();
      else response.writeHead(200).end(GIF);
    };
    expect(await image(here())).toBe('image/gif');
    expect(asked[1]?.headers.cookie).toBeUndefined();
    expect(asked[1]?.headers.referer).toBeUndefined();
  });
});

test('no more than 24 are under way at once; the others wait their turn', async () => {
  const open: ServerResponse[] = [];
  answer = (_request, response) => void open.push(response);
  const remote = new RemoteContent(new AddressRule(['127.0.0.1']), systemClock, lookup);
  const all = Array.from({ length: 30 }, () => remote.image(here()));
  await expect.poll(() => open.length).toBe(24);
  for (const response of open.splice(0)) response.end(GIF);
  await expect.poll(() => open.length).toBe(6);
  for (const response of open.splice(0)) response.end(GIF);
  expect(await Promise.all(all)).toHaveLength(30);
});
