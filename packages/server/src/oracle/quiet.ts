import { formatCursor } from '@roost/protocol';
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

/** Long enough for a dead connection to be found out, for the longest wait between attempts, and for one more try. */
const QUIET_WITHIN_MS = 180_000;

/** Lets time pass until nothing is under way any more. What keeps it from that after so long is wrong. */
export async function becomeQuiet(world: World): Promise<void> {
  let passedMs = 0;
  const signedIn = new Set<Reader>();
  for (let stepMs = 60; passedMs < QUIET_WITHIN_MS; stepMs = Math.min(2_000, stepMs * 1.3)) {
    await world.time.advance(stepMs);
    passedMs += stepMs;
    if (unrest(world) === null) return;
    for (const reader of world.readers) {
      // Two tokens in a row were void, as happens to who left twice: they sign in again, but not for ever.
      if (signedIn.has(reader) || !reader.person.isMember || reader.client.inspect().state !== 'stopped')
        continue;
      signedIn.add(reader);
      reader.client.start();
    }
  }
  world.wrong(`no quiet after ${QUIET_WITHIN_MS} ms: ${unrest(world)}`);
}

/** Why the world is not quiet yet; null when it is. */
function unrest(world: World): string | null {
  if (world.writers.isWaiting) return 'a write is not answered';
  if (world.startingCount > 0) return 'a node is starting';
  const { epoch, head } = world.store.history;
  for (const node of world.nodes) {
    const cursor = node.hub.cursorOf(world.store.org);
    if (cursor && (cursor.epoch !== epoch || cursor.offset !== head))
      return `node ${node.name} stands at ${formatCursor(cursor)}, the log at ${epoch}.${head}`;
  }
  for (const reader of world.readers) {
    const restless = unrestOf(reader);
    if (restless) return `${reader.name} ${restless}`;
  }
  return null;
}

function unrestOf(reader: Reader): string | null {
  const { client, person, screen } = reader;
  const { state } = client.inspect();
  if (reader.isBusy) return 'has something under way';
  if (!person.isMember) return state === 'stopped' ? null : `is ${state}, and no member`;
  if (state !== 'live') return `is ${state}: ${client.status.getSnapshot().reason}`;
  if (!reader.isConnected) return 'takes a dead connection for a live one';
  for (const { view, list } of screen.lists) {
    const { isLoading, isFetchingMore } = list.getSnapshot();
    if (isLoading || isFetchingMore) return `is loading ${view.key}`;
  }
  const asking = client.inspect().lists.find(({ listeners, phase }) => listeners > 0 && !isSettled(phase));
  return asking ? `is not done with ${asking.channel}: ${asking.phase}` : null;
}

function isSettled(phase: string): boolean {
  return phase === 'steady' || phase === 'refused';
}
