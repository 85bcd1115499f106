import { Failure } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { WriteTx } from '../store/database.ts';
import type { AnyCommand } from './command.ts';
import { newEpoch } from './ids.ts';
import type { OrgMemories } from './memory.ts';

/** An organisation as a transaction finds and leaves it. */
export interface LockedOrg {
  readonly epoch: string;
  /** The newest offset, with what this transaction has appended so far. */
  offset: number;
  /** What was read with `once`; may outlive the transaction. */
  readonly known: Map<string, Promise<unknown>>;
  /** What was read with `foreseen`. */
  readonly foreseen: Map<string, Promise<unknown>>;
}

/** The organisations of one transaction, their head rows locked until it ends: commit order is offset order. */
export class LockedOrgs {
  private readonly byId = new Map<string, LockedOrg>();

  constructor(
    private readonly tx: WriteTx,
    private readonly memories: OrgMemories,
    private readonly random: Random,
  ) {}

  get(org: string): LockedOrg | undefined {
    return this.byId.get(org);
  }

  /** Everybody asks for locks in one order, so that two transactions never wait for each other. */
  async lock(orgs: readonly string[]): Promise<void> {
    const suffix = this.tx.dialect === 'postgres' ? ' for update' : '';
    await Promise.all(
      [...new Set(orgs)].sort().map(async (org) => {
        const head = await this.tx.get<{ epoch: string; offset: number }>(
          `select epoch, "offset" from head where org = ?${suffix}`,
          org,
        );
        if (head)
          this.byId.set(org, { ...head, known: this.memories.recall(org, head), foreseen: new Map() });
      }),
    );
  }

  /** @throws access.forbidden  unless the command is one that founds organisations, and nobody else was first */
  async found(org: string, command: AnyCommand): Promise<LockedOrg> {
    if (!command.founds) throw new Failure('access.forbidden', 'There is no such organisation.');
    const epoch = newEpoch(this.random);
    await this.tx.run(
      'insert into head (org, epoch, "offset", oldest) values (?, ?, 0, 1) on conflict (org) do nothing',
      org,
      epoch,
    );
    const head = await this.tx.get<{ epoch: string }>('select epoch from head where org = ?', org);
    if (head?.epoch !== epoch) throw existsAlready();
    const founded = { epoch, offset: 0, known: new Map(), foreseen: new Map() };
    this.byId.set(org, founded);
    return founded;
  }

  /** What a command read after its own writes, and an organisation it founded, went with its savepoint. */
  forgetWhatWasUndone(org: string): void {
    const locked = this.byId.get(org);
    if (locked?.offset === 0) this.byId.delete(org);
    locked?.known.clear();
    locked?.foreseen.clear();
  }

  /** To be called after the commit: what was read may serve the next transaction. */
  remember(): void {
    for (const [org, locked] of this.byId) this.memories.keep(org, locked, locked.known);
  }
}

export function existsAlready(): Failure {
  return new Failure('access.forbidden', 'There is such an organisation already.');
}
