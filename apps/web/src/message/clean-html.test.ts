// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { cleanHtml } from './clean-html.ts';
import { frameDocument } from './frame-document.ts';

const shown = (html: string, images = new Map<string, string>()) =>
  frameDocument(cleanHtml(html).root, images);
const body = (html: string) => /<body[^>]*>(.*)<\/body>/s.exec(shown(html))?.[1];

describe('what is taken out of a mail', () => {
  test.each([
    ['scripts', '<p>a</p><script>alert(1)</script>'],
    ['event handlers', '<p onclick="alert(1)" onmouseover=alert(2)>a</p>'],
    [
      'frames and objects',
      '<p>a</p><iframe src="https://e.test"></iframe><object data="x"></object><embed src="x">',
    ],
    [
      'media',
      '<p>a</p><video src="https://e.test/v" autoplay></video><audio src="https://e.test/a"></audio>',
    ],
    ['fields', '<p>a</p><input name="card"><textarea></textarea><select></select>'],
    ['a refresh', '<meta http-equiv="refresh" content="0;url=https://e.test"><p>a</p>'],
    ['another base', '<base href="https://e.test/"><p>a</p>'],
    ['style sheets of elsewhere', '<link rel="stylesheet" href="https://e.test/s.css"><p>a</p>'],
    ['drawings that can run', '<p>a</p><svg><script>alert(1)</script><use href="https://e.test#x"/></svg>'],
  ])('%s', (_what, html) => {
    expect(body(html)).toBe('<p>a</p>');
  });

  test('a form goes, the words in it stay', () => {
    expect(body('<form action="https://e.test"><p>Your card</p><button>Send</button></form>')).toBe(
      '<p>Your card</p>Send',
    );
  });
});

describe('links', () => {
  test('open apart and carry nothing along', () => {
    const link = cleanHtml(
      '<a href="https://a.test/x" target="_top" ping="https://e.test">a</a>',
    ).root.querySelector('a');
    expect(link?.getAttributeNames().sort()).toEqual(['href', 'referrerpolicy', 'rel', 'target']);
    expect(link?.getAttribute('target')).toBe('_blank');
    expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  });

  test.each([
    'javascript:alert(1)',
    '/sign-in',
    '#top',
    'data:text/html,x',
    'java\nscript:alert(1)',
    '//e.test',
  ])('%j leads nowhere', (href) => {
    expect(cleanHtml(`<a href="${href}">a</a>`).root.querySelector('a')?.hasAttribute('href')).toBe(false);
  });

  test('mail addresses and telephone numbers stay', () => {
    expect(body('<a href="mailto:a@b.test">a</a>')).toContain('href="mailto:a@b.test"');
    expect(body('<a href="tel:+49">a</a>')).toContain('href="tel:+49"');
  });
});

describe('images', () => {
  test('of other servers are not loaded, and counted', () => {
    const clean = cleanHtml(
      '<img src="https://e.test/p.gif" alt="logo" srcset="https://e.test/2x 2x"><table background="https://e.test/b"></table>' +
        '<p style="background:url( \'https://e.test/c\')">a</p>',
    );
    expect(clean.remoteImageCount).toBe(3);
    expect(clean.root.querySelector('img')?.outerHTML).toBe('<img alt="logo">');
  });

  test('that are missing leave the words for them', () => {
    expect(
      body('<img src="https://e.test/p.gif" alt="Our <new> shop"><img src="https://e.test/1x1.gif">'),
    ).toBe('<span class="roost-no-image">Our &lt;new&gt; shop</span>');
  });

  test('a mail without any says nothing of them', () => {
    expect(
      cleanHtml('<p>a</p><img src="data:image/png;base64,AA=="><img src="cid:x">').remoteImageCount,
    ).toBe(0);
  });

  test('that came with the mail are put in by their Content-ID', () => {
    const html = '<img src="cid:logo%40shop"><img src="cid:gone">';
    expect(cleanHtml(html).contentIds).toEqual(['logo@shop', 'gone']);
    const page = shown(html, new Map([['logo@shop', 'data:image/png;base64,AA==']]));
    expect(page).toContain('<body><img src="data:image/png;base64,AA=="></body>');
  });
});

describe('styles', () => {
  const style = (css: string) =>
    cleanHtml(`<p>a</p><style>${css}</style>`).root.querySelector('style')?.textContent;

  test.each([
    ['body { background: url(https://e.test/a.gif) no-repeat }', 'body { background: none no-repeat }'],
    ['p { background: URL( "https://e.test/a).gif" ) }', 'p { background: none }'],
    ["p { background: url('//e.test/a') }", 'p { background: none }'],
    ['@import url("https://e.test/s.css"); p { color: red }', ' p { color: red }'],
    ["@import 'https://e.test/s.css'; p { color: red }", ' p { color: red }'],
    [
      'p { background: url(data:image/png;base64,AA==) }',
      'p { background: url(data:image/png;base64,AA==) }',
    ],
  ])('%s', (css, left) => {
    expect(style(css)).toBe(left);
  });
});

describe('the frame', () => {
  test('its policy stands before anything of the mail', () => {
    const page = shown(
      '<html><head><style>p { color: red }</style></head><body bgcolor="#eee"><p>a</p></body></html>',
    );
    expect(page.indexOf("default-src 'none'")).toBeLessThan(page.indexOf('color: red'));
    expect(page).toContain('<body bgcolor="#eee"><p>a</p></body>');
  });

  test('odd markup is shown as far as it goes', () => {
    expect(body('<p>a<b>b</p>c')).toContain('a<b>b</b>');
    expect(body('')).toBe('');
  });
});
