import type { Change } from '@roost/protocol';
import { expect } from 'vitest';
import { CommandBus, type Engine, type LogEntry } from '../../commands/index.ts';
import type { ManualClock } from '../../commands/testing/manual-clock.ts';
import { commands } from '../../domain/index.ts';
import { Correspondence } from '../../domain/outbox/testing/correspondence.ts';
import { Outbox } from '../outbox.ts';
import type { OutboxNeeds } from '../outbox-needs.ts';
import { type Mood, Provider, rest } from './provider.ts';

const system = { kind: 'system', name: 'test' } as const;
/** Longer than any lease. */
export const LONG_MS = 5 * 60_000;

/** What may happen, in any order. Numbers choose among what there is. */
export type Deed =
  | { readonly kind: 'say'; readonly which: number }
  | { readonly kind: 'mood'; readonly mood: Mood; readonly pace: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'die' | 'restart' | 'send again' | 'mark sent' | 'cancel'; readonly which: number };

interface Process {
  isAlive: boolean;
  readonly outbox: Outbox;
}

/** Servers over one store that send, die and come back, people who write and decide, and another side that has moods. */
export class SendingWorld {
  readonly provider: Provider;
  private readonly buses: CommandBus[];
  private readonly processes: Process[] = [];
  private readonly conversations: string[] = [];
  /** Every message with its conversation, oldest first. */
  private readonly messages: (readonly [id: string, conversation: string])[] = [];
  /** Still to be sent, as the committed log has it. */
  private readonly queued = new Set<string>();
  private readonly outOfOrder: string[] = [];
  private readonly askedAgain: string[] = [];
  private readonly marked = new Set<string>();
  private desk!: Correspondence;

  constructor(
    private readonly clock: ManualClock,
    engines: readonly Engine[],
  ) {
    this.provider = new Provider(clock);
    this.provider.onBegin = ({ message_id }) => this.noteOrder(message_id);
    this.buses = engines.map(
      (engine) =>
        new CommandBus(
          engine,
          (org) => org,
          (entries) => this.note(entries),
          (name, detail) => {
            throw new Error(`${name}: ${detail}`);
          },
        ),
    );
  }

  async begin(org: string, conversationCount: number): Promise<void> {
    this.desk = await Correspondence.begin(this.firstBus, org);
    for (let at = 0; at < conversationCount; at += 1)
      this.conversations.push(await this.desk.begun(`p${at}@example.org`));
    for (let at = 0; at < this.buses.length; at += 1) this.processes.push(this.startProcess(at));
  }

  async do(deed: Deed): Promise<void> {
    await this.happen(deed);
    await rest();
    this.check();
  }

  private async happen(deed: Deed): Promise<void> {
    if (deed.kind === 'mood') {
      this.provider.mood = () => deed.mood;
      this.provider.pace = () => deed.pace;
      return;
    }
    if (deed.kind === 'pass') return this.pass(deed.ms);
    const { which } = deed;
    if (deed.kind === 'say') {
      const conversation = this.conversations[which % this.conversations.length] as string;
      this.messages.push([await this.desk.answer(conversation, 'Hello'), conversation]);
    } else if (deed.kind === 'die') this.processAt(which).isAlive = false;
    else if (deed.kind === 'restart') this.restart(which % this.processes.length);
    else await this.decide(deed.kind, which);
  }

  private async decide(kind: 'send again' | 'mark sent' | 'cancel', which: number): Promise<void> {
    const message_id = this.messages[which % Math.max(1, this.messages.length)]?.[0];
    if (message_id === undefined) return;
    const command = {
      'send again': commands.sendAgain,
      'mark sent': commands.markSent,
      cancel: commands.cancelSending,
    }[kind];
    const wasQueued = this.queued.has(message_id);
    const request = { org: this.desk.org, actor: system, input: { message_id } };
    // What may not be decided about is refused, and that is all.
    const isDone = await this.firstBus.execute(command, request).then(
      () => true,
      () => false,
    );
    if (isDone && kind === 'send again' && !wasQueued) this.askedAgain.push(message_id);
    if (isDone && kind === 'mark sent') this.marked.add(message_id);
  }

  async pass(ms: number): Promise<void> {
    const step = ms > 10_000 ? 20_000 : 500;
    for (let left = ms; left > 0; left -= step) {
      this.clock.advance(Math.min(step, left));
      await rest();
    }
  }

  /** Everything works again: whatever is still to be sent goes out, and each message has an end that is true. */
  async heal(): Promise<void> {
    await this.happen({ kind: 'mood', mood: 'takes', pace: 0 });
    for (let at = 0; at < this.processes.length; at += 1) this.restart(at);
    // Those that waited longest are tried once an hour.
    for (let rounds = 0; rounds < 15; rounds += 1) await this.pass(LONG_MS);
    this.check();
    for (const [id] of this.messages) {
      const status = await this.desk.statusOf(id);
      expect(['sent', 'failed', 'unknown'], `the end of ${id}`).toContain(status);
      if (status === 'sent' && !this.marked.has(id))
        expect(this.copiesOf(id), `${id} is told as sent`).toBeGreaterThan(0);
    }
  }

  async end(): Promise<void> {
    for (const process of this.processes) process.isAlive = false;
    await Promise.all(this.buses.map((bus) => bus.idle()));
  }

  /** Never more copies than were asked for; of a conversation never a later message before an earlier one. */
  private check(): void {
    expect(this.outOfOrder).toEqual([]);
    for (const [id] of this.messages) {
      const asked = 1 + this.askedAgain.filter((one) => one === id).length;
      expect(this.copiesOf(id), `copies of ${id}`).toBeLessThanOrEqual(asked);
    }
  }

  private copiesOf(id: string): number {
    return this.provider.taken.filter((one) => one === id).length;
  }

  private note(entries: readonly LogEntry[]): void {
    for (const { changes } of entries) {
      for (const change of JSON.parse(changes) as Change[]) {
        if (change.kind !== 'message') continue;
        const { after } = change as Change<'message'>;
        if (after?.status === 'queued') this.queued.add(change.id);
        else this.queued.delete(change.id);
      }
    }
  }

  private noteOrder(id: string): void {
    const conversation = this.messages.find(([one]) => one === id)?.[1];
    for (const [other, whose] of this.messages)
      if (whose === conversation && other < id && this.queued.has(other))
        this.outOfOrder.push(`${id} before ${other}`);
  }

  private get firstBus(): CommandBus {
    return this.buses[0] as CommandBus;
  }

  private processAt(which: number): Process {
    return this.processes[which % this.processes.length] as Process;
  }

  private restart(at: number): void {
    this.processAt(at).isAlive = false;
    this.processes[at] = this.startProcess(at);
  }

  /** A server's outbox that may die: from then on it reaches neither the store nor the other side. */
  private startProcess(at: number): Process {
    const bus = this.buses[at] as CommandBus;
    const never = <T>() => new Promise<T>(() => {});
    const mortal: OutboxNeeds['bus'] = {
      execute: (command, request) => (process.isAlive ? bus.execute(command, request) : never()),
      query: (query, request) => (process.isAlive ? bus.query(query, request) : never()),
    };
    const isAlive = () => process.isAlive;
    const process: { isAlive: boolean } = { isAlive: true };
    const log = { warn() {}, error() {} };
    const needs = { bus: mortal, routes: [this.provider.route(isAlive)], log };
    return Object.assign(process, { outbox: new Outbox(needs, this.clock, () => 0.5, false) });
  }
}
