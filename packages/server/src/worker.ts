/** Entry of a store thread: owns one connection to the SQLite file, and runs commands or queries beside it. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemRandom } from './clock.ts';
import { StoreEngine } from './commands/index.ts';
import type { FromThread, ThreadTask, ToThread } from './commands/thread-messages.ts';
import { registry } from './domain/index.ts';
import { openSqlite } from './store/sqlite/sqlite.ts';

const task: ThreadTask = workerData;
const port = parentPort;
if (!port) throw new Error('This file is the entry of a thread and does nothing by itself.');
const tell = (message: FromThread) => port.postMessage(message);

try {
  const database = await openSqlite(task.file, { readOnly: task.role === 'reader' });
  const engine = new StoreEngine(database, registry, systemClock, systemRandom);
  const working = new Set<Promise<void>>();

  const answer = async (message: Exclude<ToThread, { kind: 'close' }>) => {
    const outcome = await (message.kind === 'run' ? engine.run(message.calls) : engine.query(message.call));
    tell({ kind: 'outcome', id: message.id, outcome });
  };
  const close = async () => {
    await Promise.all(working);
    await engine.close();
    port.close();
  };
  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') return void close();
    const work = answer(message).finally(() => working.delete(work));
    working.add(work);
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'unopened', says: error instanceof Error ? error.message : String(error) });
}
