import { Failure } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { Value, WriteTx } from '../store/database.ts';
import { actorName } from './actor.ts';
import { type Answered, Answers } from './answers.ts';
import type { AnyCommand, AuditDetail } from './command.ts';
import { Context } from './context.ts';
import type { Call, GroupOutcome, LogEntry, Outcome } from './engine.ts';
import { idAt } from './ids.ts';
import { existsAlready, type LockedOrg, LockedOrgs } from './locked-orgs.ts';
import type { OrgMemories } from './memory.ts';
import { isStoreFailure, readInput, toldFailure } from './outcome.ts';
import { authorise } from './permission.ts';
import type { Registry } from './registry.ts';

/** A command failed after it may have written, outside a savepoint of its own; `cause` is how. */
export class BrokenHalfway extends Error {}

/** A call as far as it can be read before the store is asked anything. */
interface Step {
  readonly call: Call;
  readonly command: AnyCommand | undefined;
  /** What the command runs with, or why it cannot. */
  readonly input: { readonly value: unknown } | { readonly refusal: unknown };
}

type Attempt =
  | { readonly answered: Answered }
  | {
      readonly command: AnyCommand;
      readonly org: LockedOrg;
      readonly context: Context;
      readonly input: unknown;
      readonly result: unknown;
    };

const AUDIT_COLUMNS = ['org', 'id', 'offset', 'at', 'actor', 'user_id', 'command', 'subject', 'detail'];

/** The commands of one transaction. */
export class Group {
  private readonly orgs: LockedOrgs;
  private readonly entries: LogEntry[] = [];
  private readonly audits: Value[][] = [];
  private readonly answers: Answers;

  /** @param apart  each command on a savepoint of its own */
  constructor(
    private readonly tx: WriteTx,
    private readonly apart: boolean,
    private readonly registry: Registry,
    memories: OrgMemories,
    private readonly now: number,
    private readonly random: Random,
  ) {
    this.orgs = new LockedOrgs(tx, memories, random);
    this.answers = new Answers(tx, now);
  }

  /** @throws BrokenHalfway, and what the store throws; the transaction must then be rolled back */
  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    const steps = calls.map((call) => this.read(call));
    await this.orgs.lock(calls.map(({ org }) => org));
    if (!this.apart) await this.foresee(steps);
    const outcomes: Outcome[] = [];
    for (const step of steps) outcomes.push(await this.one(step));
    await this.append();
    return { outcomes, entries: this.entries };
  }

  /** To be called after the commit: what was read may serve the next group. */
  remember(): void {
    this.orgs.remember();
  }

  private read(call: Call): Step {
    const command = this.registry.commands.get(call.name);
    try {
      if (!command) throw new Error(`No command is named ${call.name}`);
      return { call, command, input: { value: readInput(command.input, call.input) } };
    } catch (refusal) {
      return { call, command, input: { refusal } };
    }
  }

  /** What one command cannot be foreseen to need, its own run will find out and say. */
  private async foresee(steps: readonly Step[]): Promise<void> {
    const asking = steps.map(async ({ call, command, input }) => {
      const org = this.orgs.get(call.org);
      if (!org || !command) return;
      await Promise.all([
        call.id !== null && this.answers.foresee(call),
        'value' in input && command.foresee?.(this.context(call, org), input.value),
      ]);
    });
    for (const asked of await Promise.allSettled(asking)) {
      const failed = asked.status === 'rejected' ? asked.reason : null;
      if (failed && (isStoreFailure(failed) || !(failed instanceof Failure))) throw failed;
    }
  }

  private async one(step: Step): Promise<Outcome> {
    const { call } = step;
    const writesBefore = this.tx.writeCount;
    try {
      const attempt = () => this.attempt(step);
      return this.conclude(call, this.apart ? await this.tx.savepoint(attempt) : await attempt());
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      const untouched = error instanceof Failure && this.tx.writeCount === writesBefore;
      if (!this.apart && !untouched) throw new BrokenHalfway('A command failed', { cause: error });
      if (!untouched) this.orgs.forgetWhatWasUndone(call.org);
      return toldFailure(error);
    } finally {
      // A command that foresees nothing does not know what others have foreseen, and may just have changed it.
      const wrote = this.tx.writeCount !== writesBefore;
      if (wrote && !step.command?.foresee) this.orgs.get(call.org)?.foreseen.clear();
    }
  }

  private async attempt({ call, command, input }: Step): Promise<Attempt> {
    if (!command) throw 'refusal' in input ? input.refusal : new Error(call.name);
    const org = this.orgs.get(call.org) ?? (await this.orgs.found(call.org, command));
    const context = this.context(call, org);
    await authorise(this.tx, call.org, call.actor, command.may, context.once);
    const answered = call.id === null ? null : await this.answers.find(call);
    if (answered) return { answered };
    if ('refusal' in input) throw input.refusal;
    if (command.founds && org.offset > 0) throw existsAlready();
    const result = (await command.run(context, input.value)) ?? null;
    return { command, org, context, input: input.value, result };
  }

  private context(call: Call, { offset, known, foreseen }: LockedOrg): Context {
    return new Context(
      { tx: this.tx, now: this.now, random: this.random, known, foreseen },
      call,
      offset + 1,
    );
  }

  /** What a command leaves behind once nothing of it can fail by itself any more. */
  private conclude(call: Call, attempt: Attempt): Outcome {
    if ('answered' in attempt) return { ok: true, ...attempt.answered };
    const { command, org, context, input, result } = attempt;
    const detail = command.audited === true ? {} : command.audited?.(input, result);
    if (context.changes.length > 0) this.extend(org, context);
    if (detail) this.audit(context, command, detail, org.offset);
    if (call.id !== null) this.answers.keep(call, { offset: org.offset, result });
    return { ok: true, offset: org.offset, result };
  }

  private audit(context: Context, command: AnyCommand, detail: AuditDetail, offset: number): void {
    const { org, actor, changes } = context;
    const subject = JSON.stringify(changes.map(({ kind, id }) => [kind, id]));
    const userId = actor.kind === 'system' ? null : actor.user_id;
    const about = [command.name, subject, JSON.stringify(detail)];
    // Sorts in the order of the commands, also of those that took no offset of their own.
    const id = idAt(context.offset, this.audits.length, this.random);
    this.audits.push([org, id, offset, this.now, actorName(actor), userId, ...about]);
  }

  private extend(org: LockedOrg, context: Context): void {
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
      audits.length > 0 && tx.insertMany('audit', AUDIT_COLUMNS, audits),
    ]);
  }
}
