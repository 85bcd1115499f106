/**
 * The server, rebuilt and restarted when its sources change, and the web app from its sources with hot reload.
 * Open the web app's address; it passes /api on to the server.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rolldownOptions } from './build/bundle.mjs';
import { build, serverBundle } from './build.mjs';
import { inRoot, root } from './root.mjs';
import { setup } from './setup.mjs';

const WEB_PORT = 5173;

setup();
await build();
// From here on dist follows the watcher, and what the stamp says is no longer known to be so.
rmSync(inRoot('packages/server/dist/.stamp'), { force: true });

const { watch } = await import('rolldown');
const { createServer, defaultClientConditions } = await import('vite');

const apiPort = process.env.ROOST_PORT ?? '8080';
const webOrigins = [`http://localhost:${WEB_PORT}`, `http://127.0.0.1:${WEB_PORT}`];

/** @type {import('node:child_process').ChildProcess | null} */
let server = null;
let ending = false;

const watcher = watch(rolldownOptions({ ...serverBundle(), outDir: inRoot('packages/server/dist') }));
watcher.on('event', async (event) => {
  if (event.code === 'ERROR') console.error(event.error);
  if (event.code === 'BUNDLE_END') await event.result.close();
  if (event.code === 'END') await restartServer();
});

const web = await createServer({
  root: inRoot('apps/web'),
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: {
    host: '127.0.0.1',
    port: WEB_PORT,
    strictPort: true,
    proxy: { '/api': { target: `http://127.0.0.1:${apiPort}`, ws: true } },
  },
});
await web.listen();
web.printUrls();

process.removeAllListeners('SIGTERM'); // vite's own would end us before the server has drained
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, end);

async function restartServer() {
  await stopServer();
  if (ending) return;
  const command = inRoot('packages/server/dist/roost.js');
  const allowed = [process.env.ROOST_ALLOWED_ORIGINS, ...webOrigins].filter(Boolean).join(',');
  server = spawn(process.execPath, ['--enable-source-maps', command, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ROOST_ALLOWED_ORIGINS: allowed },
  });
}

/** The server drains its readers by itself, within its own deadline. */
async function stopServer() {
  const old = server;
  server = null;
  if (old === null || old.exitCode !== null || old.signalCode !== null) return;
  const ended = new Promise((resolve) => old.once('exit', resolve));
  old.kill('SIGTERM');
  await ended;
}

/** Ctrl-C arrives twice under npm: from the terminal and from npm. */
async function end() {
  if (ending) return;
  ending = true;
  await Promise.all([watcher.close(), web.close(), stopServer()]);
  process.exit(0);
}
