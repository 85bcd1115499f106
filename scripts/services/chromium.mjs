import { chromium } from 'playwright-core';
import { findChromium } from './find.mjs';

/** Nothing here may reach the network or the machine's own profile: the browser talks to our server only. */
const CHROMIUM_FLAGS = [
  '--no-sandbox', // containers run as root, where Chromium's sandbox refuses to start
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {string | null}  the installed Chromium or Chrome; ROOST_CHROMIUM names another */
export function chromiumPath() {
  return findChromium();
}

/**
 * A headless browser with a new, empty profile that is removed on `close()`.
 *
 * @param {{args?: string[]}} [options]  more command line flags
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchChromium({ args = [] } = {}) {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('Chromium is not installed');
  return chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_FLAGS, ...args] });
}
