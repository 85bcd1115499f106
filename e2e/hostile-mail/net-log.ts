import { readFile } from 'node:fs/promises';

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: Readonly<Record<string, unknown>> }[];
}

/**
 * Every host that a browser asked for, looked up or connected to, from the log of its own network: also what no page
 * sees, such as names looked up ahead. Written whole when the browser has ended.
 */
export async function hostsIn(file: string): Promise<Set<string>> {
  const { constants, events } = JSON.parse(await readFile(file, 'utf8')) as NetLog;
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  const hosts = new Set<string>();
  for (const { type, params } of events) {
    const name = names.get(type) ?? '';
    for (const field of ['url', 'host', 'group_id', 'origin', 'address']) {
      const said = params?.[field];
      if (
        typeof said !== 'string' ||
        said === '' ||
        !/REQUEST|RESOLVER|CONNECT|SOCKET|JOB|PRECONNECT/.test(name)
      )
        continue;
      hosts.add(hostOf(said));
    }
  }
  return hosts;
}

function hostOf(said: string): string {
  const written = said.includes('://') ? said.slice(said.search(/[a-z+]+:\/\//i)) : `http://${said}`;
  return URL.canParse(written) ? new URL(written).hostname : said;
}
