// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import { cleanCss } from './clean-css.ts';
import { cleanHtml } from './clean-html.ts';
import { frameDocument } from './frame-document.ts';

const shown = (html: string, images = new Map<string, string>()) => frameDocument(cleanHtml(html), images);
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
    ['what is kept for later', '<p>a</p><template><img src="https://e.test/a"></template>'],
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
    expect(link?.getAttributeNames().sort()).toEqual(['href', 'referrerpolicy', 'rel', 'target', 'title']);
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
  test('of other servers are not loaded, and told', () => {
    const clean = cleanHtml(
      '<img src="https://e.test/p.gif" alt="logo" srcset="https://e.test/2x 2x"><table background="https://e.test/b"></table>' +
        '<p style="background:url( \'https://e.test/c\')">a</p>',
    );
    expect(clean.remoteAddresses).toEqual(['https://e.test/p.gif', 'https://e.test/c', 'https://e.test/b']);
    expect(clean.root.querySelector('img')?.outerHTML).toBe('<img alt="logo" data-picture="0">');
    expect(clean.root.outerHTML).not.toContain('e.test');
  });

  test('that are missing leave the words for them', () => {
    expect(
      body('<img src="https://e.test/p.gif" alt="Our <new> shop"><img src="https://e.test/1x1.gif">'),
    ).toBe('<span class="roost-no-image">Our &lt;new&gt; shop</span>');
  });

  test('a mail without any says nothing of them', () => {
    expect(
      cleanHtml('<p>a</p><img src="data:image/png;base64,AA=="><img src="cid:x">').remoteAddresses,
    ).toEqual([]);
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
    [
      'body { background: url(https://e.test/a.gif) no-repeat }',
      'body { background: url("roost-picture:0") no-repeat }',
    ],
    ['p { background: URL( "https://e.test/a).gif" ) }', 'p { background: url("roost-picture:0") }'],
    ['p { background: u\\72l(https://e.test/a) }', 'p { background: url("roost-picture:0") }'],
    ['p { background: url/**/(https://e.test/a) }', 'p { background: url (https://e.test/a) }'],
    ['@\\69mport "https://e.test/s.css"; p { color: red }', ' p { color: red }'],
    ['@font-face { font-family: x; src: url(https://e.test/f) } p { color: red }', ' p { color: red }'],
    ['p { background: image-set("https://e.test/a" 1x) }', 'p { background: none("https://e.test/a" 1x) }'],
    ['p { background: url(javascript:alert(1)) }', 'p { background: none) }'],
    ['p { content: "\\201c" }', 'p { content: "\\201c" }'],
    ["p { background: url('//e.test/a') }", 'p { background: url("roost-picture:0") }'],
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

test('what is taken out of styles leaves no end of the element behind', () => {
  expect(cleanCss('a{} </**/style><script>', () => null)).toBe('a{} < style><script>');
  expect(cleanCss('a{} <@import x;/style>', () => null)).toBe('a{} /style>');
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

describe('pictures of other servers, once they are here', () => {
  const data = 'data:image/gif;base64,AA==';
  const url = 'https://e.test/p.gif?a=1&b=2';

  test('stand where the mail wants them: in images, attributes and styles', () => {
    const html = `<style>p { background: url('${url}') }</style><table background="https://e.test/p.gif?a=1&amp;b=2"><tr><td style="background-image:url(${url})"><img src="${url}"></td></tr></table>`;
    expect(cleanHtml(html).remoteAddresses).toEqual([url]);
    const page = shown(html, new Map([[url, data]]));
    expect(page.split(data)).toHaveLength(5);
    expect(page).not.toContain('e.test');
  });

  test('those that came with the mail stand in styles as well', () => {
    const page = shown('<p style="background: url(cid:a%40b)">a</p>', new Map([['a@b', data]]));
    expect(page).toContain(`url(&quot;${data}&quot;)`);
  });

  test('a mail cannot ask for a picture by its number', () => {
    const html = '<img data-picture="0"><p style="background:url(roost-picture:0)">a</p><img src="cid:x">';
    const page = shown(html, new Map([['x', data]]));
    expect(page.split(data)).toHaveLength(2);
  });
});

describe('in the dark', () => {
  const dark = (html: string) =>
    frameDocument(cleanHtml(html), new Map(), true).includes('color-scheme: dark');

  test('a mail without colours of its own is dark', () => {
    expect(dark('<p style="margin: 0; font-size: 12px">a <b>b</b></p>')).toBe(true);
  });

  test.each([
    '<p style="color: #000">a</p>',
    '<p style="BACKGROUND:white">a</p>',
    '<font color="#333">a</font>',
    '<table bgcolor="#ffffff"><tr><td>a</td></tr></table>',
    '<style>p{color:black}</style><p>a</p>',
  ])('%s stays on white', (html) => {
    expect(dark(html)).toBe(false);
  });
});

describe('where links lead', () => {
  test('is told with what they say', () => {
    const { links, root } = cleanHtml(
      '<a href="https://evil.test/x" title="https://bank.example">bank.example</a><a href="https://shop.test/">Shop</a><a href="javascript:x">y</a>',
    );
    expect(links).toEqual([
      { text: 'bank.example', address: 'https://evil.test/x', host: 'evil.test', deceives: true },
      { text: 'Shop', address: 'https://shop.test/', host: 'shop.test', deceives: false },
    ]);
    expect(root.querySelector('a')?.getAttribute('title')).toBe('https://evil.test/x');
  });
});
