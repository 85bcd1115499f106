/**
 * From whatever state the checkout is in to a running server. The server then runs in this very process, so
 * signals and the exit status are its own and nothing stands between.
 */
import { pathToFileURL } from 'node:url';
import { isStale } from './build.mjs';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

setup();
if (isStale()) {
  console.log('Building…');
  // In a process of its own: the bundlers would keep their threads and memory for the server's whole life.
  const status = await run(inRoot('scripts/build.mjs'));
  if (status !== 0) process.exit(status);
}

const command = inRoot('packages/server/dist/roost.js');
// `npm start -- --demo` is what people type before they know any command.
const args = process.argv.slice(2).map((arg) => (arg === '--demo' ? 'demo' : arg));
process.argv = [process.execPath, command, ...args];
await import(pathToFileURL(command).href);
