import { createClient } from 'redis';
import { type Finding, within } from './finding.ts';

const ANSWER_MAX_MS = 4_000;

/**
 * Redis answers. Without it the nodes still follow the log by themselves, only later, so its absence is a warning.
 */
export async function checkRedis(url: string | null, isOneNode: boolean): Promise<Finding> {
  const what = 'Redis';
  if (url === null) {
    const says = isOneNode
      ? 'Not needed by one server alone.'
      : 'Not set; several servers see each other’s changes twice a second.';
    return { state: 'ok', what, says };
  }
  const found = await within(ANSWER_MAX_MS, what, async () => {
    const client = createClient({
      url,
      socket: { reconnectStrategy: false, connectTimeout: ANSWER_MAX_MS - 500 },
    });
    client.on('error', () => {});
    await client.connect();
    try {
      await client.ping();
      return { state: 'ok', what, says: 'It answers.' };
    } finally {
      client.destroy();
    }
  });
  return found.state === 'fail'
    ? { ...found, state: 'warn', says: `${found.says} Changes of other servers are seen later without it.` }
    : found;
}
