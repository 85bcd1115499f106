import { afterEach, expect, test, vi } from 'vitest';
import { browserSurroundings, type Happening } from './surroundings.ts';

afterEach(() => vi.unstubAllGlobals());

function page() {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  const navigator = { onLine: true };
  vi.stubGlobal('document', document);
  vi.stubGlobal('window', window);
  vi.stubGlobal('navigator', navigator);
  const heard: Happening[] = [];
  const leave = browserSurroundings.watch((happening) => heard.push(happening));
  return { document, window, navigator, heard, leave };
}

test('without a page everything is visible and online, and nothing happens', () => {
  vi.stubGlobal('navigator', undefined);
  expect([browserSurroundings.isVisible(), browserSurroundings.isOnline()]).toEqual([true, true]);
  expect(() => browserSurroundings.watch(() => {})()).not.toThrow();
});

test('a page tells when it is hidden, and when it is seen again, thawed, or out of the back-forward cache', () => {
  const { document, window, heard } = page();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  expect([heard, browserSurroundings.isVisible()]).toEqual([['hidden'], false]);
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  document.dispatchEvent(new Event('resume'));
  window.dispatchEvent(new Event('pageshow'));
  expect([heard, browserSurroundings.isVisible()]).toEqual([
    ['hidden', 'visible', 'visible', 'visible'],
    true,
  ]);
});

test('a device tells of its network', () => {
  const { window, navigator, heard } = page();
  navigator.onLine = false;
  window.dispatchEvent(new Event('offline'));
  expect(browserSurroundings.isOnline()).toBe(false);
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['offline', 'online']);
});

test('who has left hears nothing more', () => {
  const { document, window, heard, leave } = page();
  leave();
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
});
