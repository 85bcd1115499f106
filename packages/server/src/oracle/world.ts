import { createHash } from 'node:crypto';
import { type InboxRow, limits, type MemberRow } from '@roost/protocol';
import { hashSecret } from '../access/secret.ts';
import { type Random, systemRandom } from '../clock.ts';
import type { AnyCommand, InputOf, ResultOf } from '../commands/command.ts';
import { type LogEntry, StoreEngine } from '../commands/index.ts';
import { commands, registry } from '../domain/index.ts';
import type { Database } from '../store/database.ts';
import type { Fanout } from '../sync/fanout/index.ts';
import { type Bounds, DEFAULT_BOUNDS } from '../sync/index.ts';
import { happens, pick, seeded } from './chance.ts';
import { Desk } from './desk.ts';
import { DistantEngine } from './engine.ts';
import { LossyNetwork } from './hints.ts';
import { Node } from './node.ts';
import { Person } from './person.ts';
import { becomeQuiet } from './quiet.ts';
import { Reader } from './reader.ts';
import { spy } from './spy.ts';
import { Traffic, WorldStore } from './store.ts';
import { ProcessTime, VirtualTime } from './time.ts';
import { judge, judgeLeafing } from './verdict.ts';
import { system, Writers } from './writers.ts';

export interface Setup {
  readonly seed: number;
  readonly nodes: number;
  readonly readers: number;
  /** Messages that are there from the start. */
  readonly messages: number;
  /** Nodes keep few entries at hand, so that a short absence is a long one. */
  readonly isForgetful: boolean;
}

const FORGETFUL: Bounds = { recentMaxEntries: 6, recentMaxBytes: 1 << 20, catchUpMaxEntries: 9 };

const WRONGS_MAX = 20;
/** How likely it is that somebody who rests leafs to the end of a list. */
const LEAFS = 0.3;
let worldCount = 0;

/** Connects a node of this name with the others of its world. */
export type JoinNodes = (name: string) => Fanout;

/** Servers, readers, writers and a network, with time and chance of their own. Nothing sleeps and nothing listens. */
export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly store: WorldStore;
  readonly writers: Writers;
  readonly desk: Desk;
  readonly hints: LossyNetwork;
  readonly readers: Reader[] = [];
  readonly people: Person[] = [];
  nodes: Node[] = [];
  /** Nodes that are about to start again. */
  startingCount = 0;
  /** What went wrong, in the order in which it was noticed. */
  readonly wrongs: string[] = [];
  private readonly traffic = new Traffic();
  private readonly beganAt: number;
  private nameCount = 0;
  private neighbourToken: string | null = null;

  private constructor(
    readonly database: Database,
    readonly setup: Setup,
    private readonly joinNodes: JoinNodes | null,
  ) {
    worldCount += 1;
    this.time = new VirtualTime(() => this.traffic.settled());
    this.beganAt = this.time.now();
    this.random = seeded(setup.seed);
    const org = `o${process.pid}x${worldCount}`;
    this.store = new WorldStore(database, org, this.traffic, (entry) => this.heard(entry));
    const { store, random } = this;
    const anyNode = () => this.anyNode();
    this.writers = new Writers({ store, random, anyNode, wrong: (says) => this.wrong(says) });
    const now = () => this.time.now();
    const { writers, people } = this;
    this.desk = new Desk({ store, random, writers, people, now, wrong: (says) => this.wrong(says) });
    this.hints = new LossyNetwork(this.time, random);
  }

  /** @param joinNodes  connects a node with the others; over something that loses hints when left out */
  static async begin(database: Database, setup: Setup, joinNodes: JoinNodes | null = null): Promise<World> {
    const world = new World(database, setup, joinNodes);
    await world.found();
    for (let at = 0; at < setup.nodes; at += 1) world.startNode();
    await world.traffic.until(() => world.nodes.every(({ hearsHints }) => hearsHints));
    for (let at = 0; at < setup.readers; at += 1) world.startReader();
    return world;
  }

  wrong(says: string): void {
    if (this.wrongs.length < WRONGS_MAX) this.wrongs.push(`${this.time.now() - this.beganAt} ms: ${says}`);
  }

  anyNode(): Node | null {
    return pick(this.random, this.nodes) ?? null;
  }

  startNode(): void {
    const time = new ProcessTime(this.time);
    const committed = (entries: readonly LogEntry[]) => this.store.committed(entries);
    const name = this.newName('n');
    const node = new Node(
      name,
      time,
      this.random,
      new DistantEngine(this.database, this.traffic, committed, time, this.random),
      this.database.dialect,
      this.setup.isForgetful ? FORGETFUL : DEFAULT_BOUNDS,
      this.joinNodes?.(`${this.store.org}${name}`) ?? this.hints.join(),
      (error) => this.wrong(`a node had trouble: ${error}`),
    );
    this.nodes.push(node);
  }

  killNode(node: Node): void {
    void node.kill();
    this.nodes = this.nodes.filter((other) => other !== node);
    for (const reader of this.readers) reader.severed(node);
  }

  /** A process dies, and after a while another one stands in its place. */
  restartNode(node: Node, afterMs: number): void {
    this.killNode(node);
    this.startingCount += 1;
    this.time.after(afterMs, () => {
      this.startingCount -= 1;
      this.startNode();
    });
  }

  /** Whatever is wrong heals; once nothing is under way any more, everybody must be right. */
  async rest(): Promise<void> {
    this.hints.heal();
    for (const reader of this.readers) reader.heal();
    await becomeQuiet(this);
    if (this.wrongs.length === 0 && happens(this.random, LEAFS)) await judgeLeafing(this);
    if (this.wrongs.length === 0) await judge(this);
  }

  /** Everybody goes home; what the servers held for them must go as well. */
  async end(): Promise<void> {
    for (const { client } of this.readers) client.stop();
    await this.time.advance(2 * limits.SILENCE_MS);
    for (const { name, gateway, hub } of this.nodes)
      if (gateway.connectionCount + hub.channelCount > 0)
        this.wrong(
          `${name} holds ${gateway.connectionCount} connections, ${hub.channelCount} channels of nobody`,
        );
  }

  /** Lets go of what is not of this world. */
  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  /** People with a screen of their own. */
  private get seatCount(): number {
    return Math.max(1, this.setup.readers - 1);
  }

  startReader(): Reader {
    // Some people sit at two screens.
    const person = this.people[this.readers.length % this.seatCount] as Person;
    const reader = new Reader({
      name: `reader ${this.readers.length}`,
      person,
      time: new ProcessTime(this.time),
      random: this.random,
      store: this.store,
      anyNode: () => this.anyNode(),
      wrong: (says) => this.wrong(says),
    });
    this.readers.push(reader);
    reader.client.start();
    return reader;
  }

  /** Makes somebody a member, or does nothing where they are. */
  async join(email: string): Promise<void> {
    const known = this.people.find((person) => person.email === email);
    if (known?.isMember) return;
    const member = (await this.run(commands.addMember, {
      email,
      name: '',
      role: 'agent',
      password_hash: null,
    })) as MemberRow;
    const person = known ?? new Person(email, member.id);
    if (!known) this.people.push(person);
    person.joined(await this.giveToken(person.userId));
  }

  leave(person: Person): Promise<unknown> {
    return this.run(commands.removeMember, { user_id: person.userId });
  }

  /** Somebody connects by hand, who may be of another organisation on the same nodes. */
  async spy(person: Person | null): Promise<void> {
    const node = this.anyNode();
    const token = person === null ? await this.neighbour() : person.token;
    if (!node || token === null) return;
    const { store } = this;
    spy(node, { store, userId: person?.userId ?? null, token, wrong: (says) => this.wrong(says) });
  }

  /** Another organisation, founded when it is first asked for. @returns the token of its owner */
  private async neighbour(): Promise<string> {
    const org = `${this.store.org}n`;
    if (this.neighbourToken === null) {
      const owner = { owner_email: `owner@${org}.test`, owner_name: '', password_hash: null };
      const { user_id } = await this.run(commands.foundOrganisation, { name: org, ...owner }, org);
      this.neighbourToken = await this.giveToken(user_id, org);
    }
    return this.neighbourToken;
  }

  private async giveToken(user_id: string, org = this.store.org): Promise<string> {
    const token = `rt_${createHash('sha256').update(this.newName(org)).digest('base64url')}`;
    const scopes = ['read' as const, 'write' as const];
    await this.run(
      commands.createApiToken,
      { user_id, hash: hashSecret(token), name: 'screen', scopes },
      org,
    );
    return token;
  }

  /** Puts an earlier state of the store in place of the present one, as another log. */
  async restore(): Promise<void> {
    await this.store.restore(this.newName('e'));
    this.writers.restored();
    const { head, epoch } = this.store.history;
    const hashes = await this.traffic.track(() =>
      this.database.read((tx) =>
        tx.all<{ hash: string }>('select hash from api_token where org = ?', this.store.org),
      ),
    );
    for (const person of this.people)
      person.restored(new Set(hashes.map(({ hash }) => hash)), { epoch, offset: head });
  }

  /** Runs a command at once, beside the store and through no node; the nodes find it in the log. */
  async run<C extends AnyCommand>(command: C, input: InputOf<C>, org = this.store.org): Promise<ResultOf<C>> {
    const engine = new StoreEngine(this.database, registry, this.time, systemRandom);
    const call = { org, actor: system, name: command.name, input, id: null };
    const { outcomes, entries } = await this.traffic.track(() => engine.run([call]));
    this.store.committed(entries);
    const [outcome] = outcomes;
    if (!outcome?.ok) throw new Error(`${command.name}: ${JSON.stringify(outcome)}`);
    return outcome.result as ResultOf<C>;
  }

  private async found(): Promise<void> {
    const { org } = this.store;
    const owner = { owner_email: `owner@${org}.test`, owner_name: '', password_hash: null };
    await this.run(commands.foundOrganisation, { name: org, ...owner });
    for (const address of this.writers.domains) await this.run(commands.keepMailInbox, { address });
    const inboxes: InboxRow[] = [];
    for (const input of this.desk.wanted) inboxes.push(await this.run(commands.createInbox, input));
    this.desk.opened(inboxes);
    await this.store.begin();
    // The last one has no screen.
    for (let at = 0; at <= this.seatCount; at += 1) await this.join(`p${at}@${org}.test`);
    await this.writers.fill(this.setup.messages, (input) => this.run(commands.acceptMessages, input));
  }

  private heard({ epoch, offset, changes }: LogEntry): void {
    if (!changes.includes('"kind":"member"')) return;
    for (const person of this.people) person.hear({ epoch, offset }, JSON.parse(changes));
  }

  private newName(prefix: string): string {
    this.nameCount += 1;
    return `${prefix}${this.nameCount}`;
  }
}
