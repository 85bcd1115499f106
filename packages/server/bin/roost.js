#!/usr/bin/env node
// Committed, so that npm links the command at install, before the first build has made what it runs.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/roost.js', import.meta.url);
if (existsSync(fileURLToPath(program))) {
  await import(program.href);
} else {
  console.error('roost is not built yet: run `npm start` or `npm run build` first.');
  process.exitCode = 69;
}
