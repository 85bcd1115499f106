import { Failure } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { WriteTx } from '../store/database.ts';
import { actorName } from './actor.ts';
import { type Answered, Answers } from './answers.ts';
import type { AnyCommand } from './command.ts';
import { Context } from './context.ts';
import type { Call, GroupOutcome, LogEntry, Outcome } from './engine.ts';
import { chanceText } from './ids.ts';
import type { OrgMemories } from './memory.ts';
import { isStoreFailure, readInput, toldFailure } from './outcome.ts';
import { authorise } from './permission.ts';
import type { Registry } from './registry.ts';

/** A command failed after it may have written, outside a savepoint of its own; `cause` is how. */
export class BrokenHalfway extends Error {}

/** An organisation as this transaction finds and leaves it. */
interface OrgState {
  readonly epoch: string;
  offset: number;
  readonly known: Map<string, Promise<unknown>>;
}

type Attempt =
  | { readonly answered: Answered }
  | {
      readonly command: AnyCommand;
      readonly org: OrgState;
      readonly context: Context;
      readonly result: unknown;
    };

/** The commands of one transaction. */
export class Group {
  private readonly orgs = new Map<string, OrgState>();
  private readonly entries: LogEntry[] = [];
  private readonly audits: (readonly [string, number, number, string, string, string])[] = [];
  private readonly answers: Answers;

  /** @param apart  each command on a savepoint of its own */
  constructor(
    private readonly tx: WriteTx,
    private readonly apart: boolean,
    private readonly registry: Registry,
    private readonly memories: OrgMemories,
    private readonly now: number,
    private readonly random: Random,
  ) {
    this.answers = new Answers(tx, now);
  }

  /** @throws BrokenHalfway, and what the store throws; the transaction must then be rolled back */
  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push(await this.one(call));
    await this.append();
    return { outcomes, entries: this.entries };
  }

  /** To be called after the commit: what was read may serve the next group. */
  remember(): void {
    for (const [org, state] of this.orgs) this.memories.keep(org, state, state.known);
  }

  private async one(call: Call): Promise<Outcome> {
    const writesBefore = this.tx.writeCount;
    try {
      const attempt = () => this.attempt(call);
      return this.conclude(call, this.apart ? await this.tx.savepoint(attempt) : await attempt());
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      const untouched = error instanceof Failure && this.tx.writeCount === writesBefore;
      if (!this.apart && !untouched) throw new BrokenHalfway('A command failed', { cause: error });
      if (!untouched) this.forgetWhatWasUndone(call.org);
      return toldFailure(error);
    }
  }

  private async attempt(call: Call): Promise<Attempt> {
    const command = this.registry.commands.get(call.name);
    if (!command) throw new Error(`No command is named ${call.name}`);
    const org = await this.org(call.org, command);
    const context = new Context(
      { tx: this.tx, now: this.now, random: this.random, known: org.known },
      call,
      org.offset + 1,
    );
    await authorise(this.tx, call.org, call.actor, command.may, context.once);
    const answered = call.id === null ? null : await this.answers.find(call);
    if (answered) return { answered };
    const input = readInput(command.input, call.input);
    return { command, org, context, result: (await command.run(context, input)) ?? null };
  }

  /** What a command leaves behind once nothing of it can fail by itself any more. */
  private conclude(call: Call, attempt: Attempt): Outcome {
    if ('answered' in attempt) return { ok: true, ...attempt.answered };
    const { command, org, context, result } = attempt;
    if (command.audited) this.audit(context, command);
    if (context.changes.length > 0) this.extend(org, context);
    if (call.id !== null) this.answers.keep(call, { offset: org.offset, result });
    return { ok: true, offset: org.offset, result };
  }

  private audit({ org, offset, actor, changes }: Context, command: AnyCommand): void {
    const subject = JSON.stringify(changes.map(({ kind, id }) => [kind, id]));
    this.audits.push([org, offset, this.now, actorName(actor), command.name, subject]);
  }

  private extend(org: OrgState, context: Context): void {
    org.offset = context.offset;
    this.entries.push({
      org: context.org,
      epoch: org.epoch,
      offset: org.offset,
      at: this.now,
      actor: actorName(context.actor),
      changes: JSON.stringify(context.changes),
    });
  }

  /** The organisation's head row, locked until this transaction ends: commit order is offset order. */
  private async org(org: string, command: AnyCommand): Promise<OrgState> {
    const found = this.orgs.get(org);
    if (found) return found;
    const lock = this.tx.dialect === 'postgres' ? ' for update' : '';
    let head = await this.tx.get<{ epoch: string; offset: number }>(
      `select epoch, "offset" from head where org = ?${lock}`,
      org,
    );
    if (!head) {
      if (!command.founds) throw new Failure('access.forbidden', 'There is no such organisation.');
      head = { epoch: newEpoch(this.random), offset: 0 };
      await this.tx.run(
        'insert into head (org, epoch, "offset", oldest) values (?, ?, 0, 1)',
        org,
        head.epoch,
      );
    }
    const state = { ...head, known: this.memories.recall(org, head) };
    this.orgs.set(org, state);
    return state;
  }

  /** What a command read after its own writes, and an organisation it founded, went with its savepoint. */
  private forgetWhatWasUndone(org: string): void {
    const state = this.orgs.get(org);
    if (state?.offset === 0) this.orgs.delete(org);
    else state?.known.clear();
  }

  private async append(): Promise<void> {
    const { tx, entries, audits } = this;
    const extended = new Set(entries.map((entry) => entry.org));
    await Promise.all([
      entries.length > 0 &&
        tx.insertMany(
          'log',
          ['org', 'offset', 'at', 'actor', 'changes'],
          entries.map((entry) => [entry.org, entry.offset, entry.at, entry.actor, entry.changes]),
        ),
      ...[...extended].map((org) =>
        tx.run('update head set "offset" = ? where org = ?', this.orgs.get(org)?.offset ?? 0, org),
      ),
      this.answers.write(),
      audits.length > 0 &&
        tx.insertMany('audit', ['org', 'offset', 'at', 'actor', 'command', 'subject'], audits),
    ]);
  }
}

export function newEpoch(random: Random): string {
  return `e${chanceText(random)}`;
}
