import { accessSync, constants, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/**
 * @param {string} program
 * @param {string[]} [elsewhere]  folders to look in after PATH
 * @returns {string | null}  full path of the first one we may run
 */
export function findProgram(program, elsewhere = []) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...elsewhere];
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Debian keeps the server programs of each PostgreSQL version out of PATH.
 *
 * @returns {{initdb: string, postgres: string} | null}  both of one installation, the newest
 */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const folders = listed(debian)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'));
  const initdb = findProgram('initdb', folders);
  const postgres = findProgram('postgres', folders);
  return initdb && postgres ? { initdb, postgres } : null;
}

/** @returns {string | null} */
export function findRedis() {
  return findProgram('redis-server');
}

/** @returns {string | null}  ROOST_CHROMIUM if set, else the first known name in PATH */
export function findChromium() {
  const named = process.env.ROOST_CHROMIUM;
  if (named) return isExecutable(named) ? named : null;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const path = findProgram(name, ['/usr/bin']);
    if (path) return path;
  }
  return null;
}

/**
 * A port of 127.0.0.1 nobody listens on at this instant. Somebody else may take it before it is used, so
 * starting a service on it must be ready to try another.
 *
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** @param {string} folder */
function listed(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
