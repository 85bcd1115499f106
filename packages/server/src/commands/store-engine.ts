import { createHash } from 'node:crypto';
import { type Change, Failure, formatArrival } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import type { Database, Tx, WriteTx } from '../store/database.ts';
import { actorName } from './actor.ts';
import type { AnyCommand, CommandContext } from './command.ts';
import type { Call, Engine, GroupOutcome, LogEntry, Outcome, QueryCall, QueryOutcome } from './engine.ts';
import { readInput, toldFailure } from './outcome.ts';
import { authorise } from './permission.ts';
import type { Registry } from './registry.ts';

/** The engine itself, beside a database. */
export class StoreEngine implements Engine {
  constructor(
    private readonly database: Database,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    try {
      return await this.commit(calls);
    } catch (error) {
      // The transaction as a whole failed: none of the calls happened.
      const outcome = toldFailure(error);
      return { outcomes: calls.map(() => outcome), entries: [] };
    }
  }

  async query(call: QueryCall): Promise<QueryOutcome> {
    try {
      const query = this.registry.queries.get(call.name);
      if (!query) throw new Error(`No query is named ${call.name}`);
      const input = readInput(query.input, call.input);
      const result = await this.database.read(async (tx) => {
        await authorise(tx, call.org, call.actor, query.may, (_, load) => load());
        return query.run({ tx, org: call.org, actor: call.actor }, input);
      });
      return { ok: true, result };
    } catch (error) {
      return toldFailure(error);
    }
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /**
   * A savepoint costs PostgreSQL two round trips a command, so a group is first tried without; only when one
   * of its commands fails half-way is it run again with each command on its own savepoint.
   */
  private async commit(calls: readonly Call[]): Promise<GroupOutcome> {
    const apart = this.database.dialect === 'sqlite' && calls.length > 1;
    try {
      return await this.database.write((tx) => this.group(tx, apart).run(calls));
    } catch (error) {
      if (apart || !(error instanceof BrokenHalfway)) throw error;
      return await this.database.write((tx) => this.group(tx, true).run(calls));
    }
  }

  private group(tx: WriteTx, apart: boolean): Group {
    return new Group(tx, apart, this.registry, this.clock.now(), this.random);
  }
}

/** A command failed after it may have written, outside a savepoint of its own. */
class BrokenHalfway extends Error {}

interface OrgHead {
  readonly epoch: string;
  offset: number;
}

/** The commands of one transaction. */
class Group {
  private readonly heads = new Map<string, OrgHead>();
  private readonly entries: LogEntry[] = [];
  private readonly answers: { call: Call; outcome: Outcome & { ok: true } }[] = [];
  private readonly audits: (readonly [string, number, number, string, string, string])[] = [];
  private readonly memory = new Map<string, Promise<unknown>>();

  constructor(
    private readonly tx: WriteTx,
    private readonly apart: boolean,
    private readonly registry: Registry,
    private readonly now: number,
    private readonly random: Random,
  ) {}

  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push(await this.one(call));
    await this.append();
    return { outcomes, entries: this.entries };
  }

  private async one(call: Call): Promise<Outcome> {
    const entriesBefore = this.entries.length;
    try {
      const command = this.registry.commands.get(call.name);
      if (!command) throw new Error(`No command is named ${call.name}`);
      const head = await this.head(call.org, command);
      await authorise(this.tx, call.org, call.actor, command.may, this.once);
      const remembered = call.id === null ? null : await this.remembered(call);
      if (remembered) return remembered;
      const input = readInput(command.input, call.input);
      const context = new Context(this, call, head.offset + 1);
      const result = await this.isolated(() => command.run(context, input));
      const outcome = { ok: true, offset: this.log(context, head, command), result } as const;
      if (call.id !== null) this.answers.push({ call, outcome });
      return outcome;
    } catch (error) {
      if (error instanceof BrokenHalfway) throw error;
      this.memory.clear();
      this.entries.length = entriesBefore;
      return toldFailure(error);
    }
  }

  private isolated<T>(run: () => Promise<T>): Promise<T> {
    if (this.apart) return this.tx.savepoint(run);
    return run().catch((error: unknown) => {
      throw new BrokenHalfway('A command failed', { cause: error });
    });
  }

  /** The organisation's head row, locked until this transaction ends: commit order is offset order. */
  private async head(org: string, command: AnyCommand): Promise<OrgHead> {
    const known = this.heads.get(org);
    if (known) return known;
    const lock = this.tx.dialect === 'postgres' ? ' for update' : '';
    let head = await this.tx.get<OrgHead>(`select epoch, "offset" from head where org = ?${lock}`, org);
    if (!head) {
      if (!command.founds) throw new Failure('access.forbidden', 'There is no such organisation.');
      head = { epoch: newEpoch(this.random), offset: 0 };
      await this.tx.run(
        'insert into head (org, epoch, "offset", oldest) values (?, ?, 0, 1)',
        org,
        head.epoch,
      );
    }
    this.heads.set(org, head);
    return head;
  }

  private log(context: Context, head: OrgHead, command: AnyCommand): number {
    if (command.audited) {
      const subject = JSON.stringify(context.changes.map(({ kind, id }) => [kind, id]));
      this.audits.push([
        context.org,
        context.offset,
        this.now,
        actorName(context.actor),
        command.name,
        subject,
      ]);
    }
    if (context.changes.length === 0) return head.offset;
    head.offset = context.offset;
    this.entries.push({
      org: context.org,
      epoch: head.epoch,
      offset: head.offset,
      at: this.now,
      actor: actorName(context.actor),
      changes: JSON.stringify(context.changes),
    });
    return head.offset;
  }

  /** @throws request.repeated  the id was used for something else */
  private async remembered(call: Call): Promise<Outcome | null> {
    const inGroup = this.answers.find(
      (other) => answerKey(other.call) === answerKey(call) && other.call.org === call.org,
    );
    const stored = inGroup
      ? {
          fingerprint: fingerprint(inGroup.call),
          offset: inGroup.outcome.offset,
          result: JSON.stringify(inGroup.outcome.result ?? null),
        }
      : await this.tx.get<{ fingerprint: string; offset: number; result: string }>(
          'select fingerprint, "offset", result from answer where org = ? and id = ?',
          call.org,
          answerKey(call),
        );
    if (!stored) return null;
    if (stored.fingerprint !== fingerprint(call)) throw new Failure('request.repeated');
    return { ok: true, offset: stored.offset, result: JSON.parse(stored.result) };
  }

  private async append(): Promise<void> {
    const { tx, entries, answers, audits } = this;
    await Promise.all([
      entries.length > 0 &&
        tx.insertMany(
          'log',
          ['org', 'offset', 'at', 'actor', 'changes'],
          entries.map((entry) => [entry.org, entry.offset, entry.at, entry.actor, entry.changes]),
        ),
      ...[...new Set(entries.map((entry) => entry.org))].map((org) =>
        tx.run('update head set "offset" = ? where org = ?', this.heads.get(org)?.offset ?? 0, org),
      ),
      answers.length > 0 &&
        tx.insertMany(
          'answer',
          ['org', 'id', 'fingerprint', 'offset', 'result', 'at'],
          answers.map(({ call, outcome }) => [
            call.org,
            answerKey(call),
            fingerprint(call),
            outcome.offset,
            JSON.stringify(outcome.result ?? null),
            this.now,
          ]),
        ),
      audits.length > 0 &&
        tx.insertMany('audit', ['org', 'offset', 'at', 'actor', 'command', 'subject'], audits),
    ]);
  }

  readonly once = <T>(key: string, load: () => Promise<T>): Promise<T> => {
    let known = this.memory.get(key) as Promise<T> | undefined;
    if (!known) {
      known = load();
      this.memory.set(key, known);
    }
    return known;
  };

  forget(key: string): void {
    this.memory.delete(key);
  }

  get transaction(): Tx {
    return this.tx;
  }

  get at(): number {
    return this.now;
  }

  draw(): number {
    return this.random();
  }
}

class Context implements CommandContext {
  readonly changes: Change[] = [];
  private idCount = 0;

  constructor(
    private readonly group: Group,
    private readonly call: Call,
    readonly offset: number,
  ) {}

  get tx(): Tx {
    return this.group.transaction;
  }

  get org(): string {
    return this.call.org;
  }

  get actor(): Call['actor'] {
    return this.call.actor;
  }

  get now(): number {
    return this.group.at;
  }

  newId(): string {
    const place = (this.idCount++).toString(32).padStart(3, '0');
    return `${formatArrival(this.offset)}${place}${chanceText(() => this.group.draw())}`;
  }

  changed(kind: Change['kind'], id: string, before: Change['before'], after: Change['after']): void {
    this.changes.push({ kind, id, before, after });
  }

  once<T>(key: string, load: () => Promise<T>): Promise<T> {
    return this.group.once(key, load);
  }

  forget(key: string): void {
    this.group.forget(key);
  }
}

/** Eight characters that keep ids apart which took the same offset in two lifetimes of a log. */
function chanceText(random: Random): string {
  return Math.floor(random() * 2 ** 40)
    .toString(32)
    .padStart(8, '0');
}

export function newEpoch(random: Random): string {
  return `e${chanceText(random)}`;
}

/** One person's ids are never answered from another's memory. */
function answerKey(call: Call): string {
  return `${actorName(call.actor)}:${call.id}`;
}

function fingerprint(call: Call): string {
  return createHash('sha256')
    .update(call.name)
    .update('\n')
    .update(JSON.stringify(call.input))
    .digest('base64url');
}
