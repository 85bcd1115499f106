import { commands, queries, type ViewPage } from '../../domain/index.ts';
import { CommandBus, type Engine, type LogEntry } from '../index.ts';

export const system = { kind: 'system', name: 'test' } as const;

/** One server process as far as commands go: an engine, its bus, and the entries it was told of. */
export class Node {
  readonly bus: CommandBus;
  readonly committed: LogEntry[] = [];
  readonly unexpected: string[] = [];

  constructor(readonly engine: Engine) {
    this.bus = new CommandBus(
      engine,
      (org) => org,
      (entries) => this.committed.push(...entries),
      (name, detail) => this.unexpected.push(`${name}: ${detail}`),
    );
  }

  /** Founds `org`, with an inbox for every domain below `<org>.test`. */
  async found(org: string): Promise<{ ownerId: string }> {
    const input = { name: org, owner_email: `owner@${org}.test`, owner_name: '', password_hash: null };
    const { result } = await this.bus.execute(commands.foundOrganisation, { org, actor: system, input });
    await this.bus.execute(commands.keepMailInbox, {
      org,
      actor: system,
      input: { address: `*.${org}.test` },
    });
    return { ownerId: result.user_id };
  }

  log(org: string, after = 0, limit = 100_000) {
    return this.bus.query(queries.readLog, { org, actor: system, input: { after, limit } });
  }

  rows(org: string, filter = '', before: string | null = null, limit = 100_000): Promise<ViewPage> {
    const input = { channel: 'inbox', params: { filter }, user_id: 'nobody', before, limit };
    return this.bus.query(queries.readView, { org, actor: system, input });
  }
}
