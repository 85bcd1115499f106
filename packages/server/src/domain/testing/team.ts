import type { ConversationRow, InboxRow, MessageRow, Role, UnreadRow } from '@roost/protocol';
import type { AnyCommand, InputOf, ResultOf } from '../../commands/command.ts';
import { type Actor, type Answer, StoreEngine } from '../../commands/index.ts';
import { arrival } from '../../commands/testing/arrivals.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { Node, system } from '../../commands/testing/node.ts';
import type { Database } from '../../store/database.ts';
import { type Arrival, commands, queries, registry } from '../index.ts';

const ALL_ROWS = 10_000;
let teamCount = 0;

/** Nodes over one store, for organisations that share nothing. */
export class Premises {
  readonly clock = new ManualClock();
  readonly nodes: readonly Node[];

  constructor(readonly databases: readonly Database[]) {
    this.nodes = databases.map(
      (database) => new Node(new StoreEngine(database, registry, this.clock, Math.random)),
    );
  }

  async team(): Promise<Team> {
    teamCount += 1;
    const team = new Team(this, `t${teamCount}`);
    await team.found();
    return team;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map(({ bus }) => bus.idle()));
    await Promise.all(this.nodes.map(({ engine }) => engine.close()));
  }
}

/** What a test asks of a message that comes in. */
export interface Letter {
  readonly from?: string;
  readonly subject?: string;
  readonly id?: string;
  readonly answers?: string;
  readonly references?: readonly string[];
}

/** An organisation with inboxes for mail, for a few members, and for WhatsApp, and the people in it. */
export class Team {
  help = '';
  vip = '';
  whatsapp = '';
  owner: Actor = system;
  private count = 0;

  constructor(
    readonly premises: Premises,
    readonly org: string,
  ) {}

  async found(): Promise<void> {
    const { org } = this;
    const founding = { name: org, owner_email: `owner@${org}.test`, owner_name: 'Ona', password_hash: null };
    this.owner = member((await this.do(commands.foundOrganisation, founding)).user_id);
    this.help = (await this.inbox({ kind: 'mail', address: `help@${org}.test` })).id;
    this.vip = (await this.inbox({ kind: 'mail', address: `vip@${org}.test`, access: 'members' })).id;
    this.whatsapp = (await this.inbox({ kind: 'whatsapp', address: `wa-${org}` })).id;
  }

  get clock(): ManualClock {
    return this.premises.clock;
  }

  inbox(input: InputOf<typeof commands.createInbox>): Promise<InboxRow> {
    return this.do(commands.createInbox, input);
  }

  async add(role: Role, name = ''): Promise<Actor & { kind: 'member' }> {
    this.count += 1;
    const input = { email: `p${this.count}@${this.org}.test`, name, role };
    return member((await this.do(commands.addMember, input)).id);
  }

  /** Runs a command on some node, as the server itself where nobody is named. @throws Failure */
  async do<C extends AnyCommand>(command: C, input: InputOf<C>, actor: Actor = system): Promise<ResultOf<C>> {
    return (await this.answer(command, input, actor)).result;
  }

  answer<C extends AnyCommand>(
    command: C,
    input: InputOf<C>,
    actor: Actor = system,
    id: string | null = null,
  ): Promise<Answer<ResultOf<C>>> {
    const { nodes } = this.premises;
    this.count += 1;
    const node = nodes[this.count % nodes.length] as Node;
    return node.bus.execute(command, { org: this.org, actor, input, id });
  }

  /** A mail comes in. @returns the message */
  async mail(letter: Letter = {}, to = 'help'): Promise<MessageRow> {
    const [accepted] = await this.do(commands.acceptMessages, { arrivals: [this.letter(letter, to)] });
    return this.message(accepted?.message_ids[0] as string);
  }

  letter(
    { from = 'Ann Lee <ann@example.org>', subject = 'Hello', id, answers, references }: Letter,
    to = 'help',
  ): Arrival {
    const headers = [
      ...(id === undefined ? [] : [{ name: 'Message-ID', value: `<${id}>` }]),
      ...(answers === undefined ? [] : [{ name: 'In-Reply-To', value: `<${answers}>` }]),
      ...(references === undefined
        ? []
        : [{ name: 'References', value: references.map((one) => `<${one}>`).join(' ') }]),
    ];
    const content = { headers, text: 'Hello', html: null, attachments: [], truncated: false };
    return arrival(`${to}@${this.org}.test`, { from, subject, content });
  }

  /** Somebody writes by WhatsApp. @returns the message */
  async text(phone = '4915112345678', name = 'Ann'): Promise<MessageRow> {
    const [accepted] = await this.do(commands.acceptMessages, { arrivals: [this.texted(phone, name)] });
    return this.message(accepted?.message_ids[0] as string);
  }

  texted(phone: string, name: string): Arrival {
    const sender = { kind: 'phone' as const, value: phone, name };
    return arrival([], { inbox_id: this.whatsapp, sender, from: phone, text: 'Hi' });
  }

  /** An answer that does not look at what came meanwhile. @returns the message's id */
  async say(actor: Actor, conversation_id: string, text = 'Yes'): Promise<string> {
    return (await this.do(commands.sendMessage, { conversation_id, text, override: true }, actor)).message_id;
  }

  async rows<R>(
    channel: string,
    actor: Actor = this.owner,
    params: Record<string, unknown> = {},
  ): Promise<R[]> {
    const node = this.premises.nodes[0] as Node;
    const user_id = actor.kind === 'system' ? '' : actor.user_id;
    const input = { channel, params, user_id, before: null, limit: ALL_ROWS };
    const { rows } = await node.bus.query(queries.readView, { org: this.org, actor, input });
    return rows.map((row) => JSON.parse(row) as R);
  }

  async conversation(id: string): Promise<ConversationRow> {
    const [row] = await this.rows<ConversationRow>(`conversation:${id}`, system);
    if (!row) throw new Error(`There is no conversation ${id}`);
    return row;
  }

  conversations(): Promise<ConversationRow[]> {
    return this.rows('conversations', this.owner, { view: 'all' });
  }

  unread(actor: Actor): Promise<UnreadRow[]> {
    return this.rows('unread', actor);
  }

  /** Of any kind, as the store holds it. */
  async message(id: string): Promise<MessageRow> {
    const [database] = this.premises.databases;
    const found = await database?.read((tx) =>
      tx.get<{ row: string }>('select "row" from message where org = ? and id = ?', this.org, id),
    );
    if (!found) throw new Error(`There is no message ${id}`);
    return JSON.parse(found.row);
  }

  async head(): Promise<number> {
    const [node] = this.premises.nodes;
    return (await node?.log(this.org))?.head.offset ?? 0;
  }

  /** Entries of the log after an offset. */
  async changes(after: number) {
    const [node] = this.premises.nodes;
    const entries = (await node?.log(this.org, after))?.entries ?? [];
    return entries.flatMap(
      ({ changes }) => JSON.parse(changes) as { kind: string; id: string; after: unknown }[],
    );
  }
}

export function member(user_id: string): Actor & { kind: 'member' } {
  return { kind: 'member', user_id, session_id: 's' };
}

export const userOf = (actor: Actor): string => (actor.kind === 'system' ? '' : actor.user_id);
