import type { CommandBus } from './commands/index.ts';
import { queries } from './domain/index.ts';
import type { LogReader } from './sync/index.ts';

const system = { kind: 'system', name: 'sync' } as const;

/** What sync asks of the store, answered by queries. */
export function logReader(bus: Pick<CommandBus, 'query'>): LogReader {
  return {
    heads: (orgs) => bus.query(queries.readHeads, { org: '', actor: system, input: { orgs: [...orgs] } }),
    read: (org, after, limit) => bus.query(queries.readLog, { org, actor: system, input: { after, limit } }),
    access: (org, user_id) => bus.query(queries.readAccess, { org, actor: system, input: { user_id } }),
    rows: ({ org, user_id, actor }, { channel, params, before, limit }) =>
      bus.query(queries.readView, {
        org,
        actor,
        input: { channel, params: { ...params }, user_id, before, limit },
      }),
  };
}
