import { Failure, type FailureCode, type MessageRow } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { InputOf } from '../commands/command.ts';
import type { Actor, Answer } from '../commands/index.ts';
import { type Accepted, type Arrival, commands } from '../domain/index.ts';
import { between, happens, pick } from './chance.ts';
import type { Node } from './node.ts';
import type { WorldStore } from './store.ts';

export const system: Actor = { kind: 'system', name: 'oracle' };

const LOCAL_PARTS = ['ann', 'bob', 'bo', 'al', 'info', 'a_b', 'a%b'];
const SUBJECTS_KEPT = 1_000;

interface Needs {
  readonly store: WorldStore;
  readonly random: Random;
  anyNode(): Node | null;
  wrong(says: string): void;
}

interface Delivered {
  readonly id: string;
  readonly epoch: string;
}

/** Those who change things: through any node, several at once, repeating themselves, and not always rightly. */
export class Writers {
  /** Messages whose delivery was acknowledged, and whose removal nobody asked for. */
  private acknowledged: Delivered[] = [];
  private readonly known: string[] = [];
  /** Messages somebody asked to remove, whether or not that has happened yet. */
  private readonly removed = new Set<string>();
  private readonly waitingAt = new Set<{ readonly node: Node }>();
  private deliveryCount = 0;
  private restoreCount = 0;

  constructor(private readonly needs: Needs) {}

  /** A write that a living node has not answered yet. */
  get isWaiting(): boolean {
    return [...this.waitingAt].some(({ node }) => node.isUp);
  }

  get messageIds(): readonly string[] {
    return this.known;
  }

  get domains(): readonly string[] {
    return [`a.${this.needs.store.org}.test`, `b.${this.needs.store.org}.test`];
  }

  /** The messages of the beginning. */
  async fill(
    count: number,
    run: (input: InputOf<typeof commands.acceptMessages>) => Promise<readonly Accepted[]>,
  ): Promise<void> {
    for (let left = count; left > 0; left -= 10) {
      const accepted = await run({
        arrivals: Array.from({ length: Math.min(10, left) }, () => this.arrival()),
      });
      this.known.push(...accepted.flatMap(({ message_ids }) => message_ids));
    }
  }

  /** One command that accepts so many messages. Some of them are repeats for somebody else. */
  deliver(count: number): void {
    this.accept(Array.from({ length: count }, () => this.arrival()));
  }

  accept(arrivals: readonly Arrival[]): void {
    const { random, store } = this.needs;
    const { epoch } = store.history;
    this.write(
      (node, id) =>
        node.bus.execute(commands.acceptMessages, {
          org: store.org,
          actor: system,
          id,
          input: { arrivals: [...arrivals] },
        }),
      ({ result }) => {
        for (const id of result.flatMap(({ message_ids }) => message_ids)) {
          this.known.push(id);
          if (!this.removed.has(id)) this.acknowledged.push({ id, epoch });
        }
        this.known.splice(0, this.known.length - SUBJECTS_KEPT);
      },
      happens(random, 0.2),
    );
  }

  remove(count: number): void {
    const { random } = this.needs;
    const ids = Array.from({ length: count }, () => pick(random, this.known)).filter(
      (id) => id !== undefined,
    );
    this.removeThese(ids);
  }

  removeThese(ids: readonly string[]): void {
    const { random, store } = this.needs;
    if (ids.length === 0) return;
    for (const id of ids) this.removed.add(id);
    this.acknowledged = this.acknowledged.filter(({ id }) => !this.removed.has(id));
    this.write(
      (node, id) =>
        node.bus.execute(commands.removeMessages, {
          org: store.org,
          actor: system,
          id,
          input: { message_ids: [...ids] },
        }),
      () => {},
      happens(random, 0.2),
      ['message.unknown'],
    );
  }

  markRead(userId: string, upTo: number): void {
    const { store } = this.needs;
    this.write(
      (node, id) =>
        node.bus.execute(commands.markRead, {
          org: store.org,
          actor: system,
          id,
          input: { user_id: userId, up_to: upTo },
        }),
      () => {},
      false,
      ['member.unknown', 'cursor.unknown'],
    );
  }

  removeMember(userId: string): void {
    const { org } = this.needs.store;
    this.write(
      (node, id) =>
        node.bus.execute(commands.removeMember, { org, actor: system, id, input: { user_id: userId } }),
      () => {},
      false,
      ['member.unknown'],
    );
  }

  /** Commands that fail, before or after they have written something. */
  fail(kind: number): void {
    const { store } = this.needs;
    const { org } = store;
    const good = this.arrival();
    const bad = { ...this.arrival(), to: ['nobody@elsewhere.example'] };
    const attempts: (() => void)[] = [
      () =>
        this.refused(
          (node) =>
            node.bus.execute(commands.acceptMessages, {
              org,
              actor: system,
              input: { arrivals: [good, bad] },
            }),
          'address.unknown',
        ),
      () =>
        this.refused(
          (node) =>
            node.bus.execute(commands.removeMessages, {
              org,
              actor: system,
              input: { message_ids: [...this.known.slice(-1), 'none'] },
            }),
          'message.unknown',
        ),
      () =>
        this.refused(
          (node) =>
            node.bus.execute(commands.removeMember, { org, actor: system, input: { user_id: 'none' } }),
          'member.unknown',
        ),
    ];
    attempts[kind % attempts.length]?.();
  }

  /** A message that is to be there once, whoever wrote it. */
  keeps(id: string): void {
    this.known.push(id);
    if (!this.removed.has(id)) this.acknowledged.push({ id, epoch: this.needs.store.history.epoch });
  }

  /** A restored backup holds what it holds: nothing is promised of what was acknowledged since. */
  restored(): void {
    this.acknowledged = [];
    this.restoreCount += 1;
  }

  /** Every acknowledged message is there, once (rule W1). */
  async check(): Promise<void> {
    const { store } = this.needs;
    const rows = await store.track(() =>
      store.database.read((tx) =>
        tx.all<{ id: string; row: string }>('select id, "row" from message where org = ?', store.org),
      ),
    );
    const ids = new Set(rows.map(({ id }) => id));
    for (const { id, epoch } of this.acknowledged)
      if (epoch === store.history.epoch && !ids.has(id))
        this.needs.wrong(`acknowledged message ${id} is lost`);
    const seen = new Set<string>();
    for (const { row } of rows) {
      const { kind, subject, inbox_id, text } = JSON.parse(row) as MessageRow;
      if (kind === 'system') continue;
      const key = `${kind === 'inbound' ? subject : text} in ${inbox_id}`;
      if (seen.has(key)) this.needs.wrong(`“${key}” is there twice`);
      seen.add(key);
    }
  }

  /** Runs through some node; `again` sends the same write a second time, as somebody does who heard no answer. */
  write<O>(
    run: (node: Node, id: string | null) => Promise<Answer<O>>,
    done: (answer: Answer<O>) => void,
    again: boolean,
    mayFail: readonly FailureCode[] = [],
    refused: (failure: Failure) => void = () => {},
  ): void {
    this.deliveryCount += 1;
    const id = again ? `w${this.deliveryCount}` : null;
    const answers: string[] = [];
    const { restoreCount } = this;
    for (let times = again ? 2 : 1; times > 0; times -= 1) {
      const node = this.needs.anyNode();
      if (!node) continue;
      const waiting = { node };
      this.waitingAt.add(waiting);
      run(node, id)
        .then(
          (answer) => {
            answers.push(JSON.stringify(answer));
            if (new Set(answers).size > 1 && restoreCount === this.restoreCount)
              this.needs.wrong(`the same write was answered twice: ${answers.join(' ')}`);
            if (answers.length === 1) done(answer);
          },
          (error: unknown) => {
            if (error instanceof Failure && mayFail.includes(error.code)) refused(error);
            else this.needs.wrong(`a write failed: ${error}`);
          },
        )
        .finally(() => this.waitingAt.delete(waiting));
    }
  }

  private refused(run: (node: Node) => Promise<unknown>, code: FailureCode): void {
    const node = this.needs.anyNode();
    if (!node) return;
    run(node).then(
      () => this.needs.wrong(`a write succeeded that had to fail with ${code}`),
      (error: unknown) => {
        if (!(error instanceof Failure) || error.code !== code)
          this.needs.wrong(`instead of ${code}: ${error}`);
      },
    );
  }

  private arrival(): Arrival {
    const { random } = this.needs;
    this.deliveryCount += 1;
    const isRepeatable = happens(random, 0.4);
    const externalId = isRepeatable ? `x${between(random, 1, 5)}` : null;
    const to = Array.from(
      { length: between(random, 1, 3) },
      () => `${pick(random, LOCAL_PARTS)}@${pick(random, this.domains)}`,
    );
    return {
      to: [...new Set(to)],
      from: 'Ann Lee <ann@example.org>',
      subject: externalId ?? `m${this.deliveryCount}`,
      snippet: '',
      size_bytes: 1,
      external_id: externalId,
      content: { headers: [], text: 'text', html: null, attachments: [], truncated: false },
      source: null,
      attachment_blobs: [],
      problem: null,
    };
  }
}
