import type { Role, SearchHit } from '@roost/protocol';
import type { Actor } from '../../../commands/index.ts';
import { StoreEngine } from '../../../commands/index.ts';
import { arrival } from '../../../commands/testing/arrivals.ts';
import { ManualClock } from '../../../commands/testing/manual-clock.ts';
import { Node, system } from '../../../commands/testing/node.ts';
import { SearchIndexing } from '../../../jobs/index.ts';
import type { Database } from '../../../store/database.ts';
import { commands, queries, registry } from '../../index.ts';

type Search = Parameters<(typeof queries)['runSearch']['run']>[1];

/** An organisation in which things are said and looked for. */
export class Library {
  readonly clock = new ManualClock();
  readonly node: Node;
  readonly indexing: SearchIndexing;
  private count = 0;

  private constructor(
    readonly database: Database,
    readonly org: string,
  ) {
    this.node = new Node(new StoreEngine(database, registry, this.clock, Math.random));
    this.indexing = new SearchIndexing(
      {
        bus: this.node.bus,
        log: {
          error: (about) => {
            throw (about as { err: unknown }).err;
          },
        },
      },
      this.clock,
    );
  }

  static async open(database: Database, org = 'a'): Promise<Library> {
    const library = new Library(database, org);
    await library.node.found(org);
    return library;
  }

  private call<I>(input: I, actor: Actor = system) {
    this.clock.advance(1_000);
    return { org: this.org, actor, input };
  }

  async inbox(name: string, access: 'everyone' | 'members' = 'everyone'): Promise<string> {
    const address = `${name}@desk.example`;
    const input = { kind: 'mail' as const, address, name, access, member_ids: [], settings: {} };
    return (await this.node.bus.execute(commands.createInbox, this.call(input))).result.id;
  }

  async member(role: Role): Promise<Actor & { readonly user_id: string }> {
    this.count += 1;
    const input = { email: `m${this.count}@${this.org}.test`, name: '', role, password_hash: null };
    const { result } = await this.node.bus.execute(commands.addMember, this.call(input));
    return { kind: 'member', user_id: result.id, session_id: 's' };
  }

  /** Mail that begins a conversation, or goes on in one. @returns message and conversation */
  async mail(
    inbox: string,
    text: string,
    {
      from = 'Ann Lee <ann@example.org>',
      subject = '',
      headers = [] as { name: string; value: string }[],
    } = {},
  ) {
    const content = { headers, text, html: null, attachments: [], truncated: false };
    const input = { arrivals: [arrival(`${inbox}@desk.example`, { from, subject, snippet: '', content })] };
    const { result } = await this.node.bus.execute(commands.acceptMessages, this.call(input));
    const id = result[0]?.message_ids[0] as string;
    const found = await this.database.read((tx) =>
      tx.get<{ conversation_id: string }>('select conversation_id from message where id = ?', id),
    );
    return { id, conversation: found?.conversation_id as string };
  }

  /** Mail to an inbox that keeps no conversations. */
  async sink(text: string, some: { subject?: string; from?: string } = {}): Promise<string> {
    const content = { headers: [], text, html: null, attachments: [], truncated: false };
    const input = { arrivals: [arrival(`x@q.${this.org}.test`, { ...some, content })] };
    const { result } = await this.node.bus.execute(commands.acceptMessages, this.call(input));
    return result[0]?.message_ids[0] as string;
  }

  async say(conversation_id: string, text: string, kind: 'reply' | 'note' = 'reply', actor: Actor = system) {
    const input = { conversation_id, text, kind, uploads: [], override: true };
    return (await this.node.bus.execute(commands.sendMessage, this.call(input, actor))).result.message_id;
  }

  async direct(by: Actor, ...user_ids: string[]): Promise<string> {
    const { result } = await this.node.bus.execute(commands.startDirect, this.call({ user_ids }, by));
    return result.conversation_id;
  }

  change(conversation_id: string, change: Record<string, unknown>) {
    const input = { conversation_ids: [conversation_id], change };
    return this.node.bus.execute(commands.changeConversations, this.call(input));
  }

  remove(message_id: string) {
    return this.node.bus.execute(commands.removeMessages, this.call({ message_ids: [message_id] }));
  }

  /** Lets the job that indexes later come to its end. */
  async settle(): Promise<void> {
    // One that is under way may not know of everything yet.
    await this.settleOnce();
    await this.settleOnce();
  }

  private async settleOnce(): Promise<void> {
    let isDone = false;
    const running = this.indexing.run().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      this.clock.advance(1);
      await new Promise(setImmediate);
    }
    await running;
  }

  async page(search: Partial<Search> & { q: string }, actor: Actor = system) {
    const input = {
      inbox_id: null,
      status: null,
      assignee_id: null,
      label: null,
      contact_id: null,
      kinds: [],
      before: null,
      after: null,
      cursor: null,
      limit: 20,
      ...search,
    };
    return this.node.bus.query(queries.runSearch, { org: this.org, actor, input });
  }

  /** All of it, page by page. */
  async find(search: Partial<Search> & { q: string }, actor: Actor = system): Promise<SearchHit[]> {
    const rows: SearchHit[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Library['page']>> = await this.page({ ...search, cursor }, actor);
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  }

  async ids(search: (Partial<Search> & { q: string }) | string, actor: Actor = system): Promise<string[]> {
    return (await this.find(typeof search === 'string' ? { q: search } : search, actor)).map(({ id }) => id);
  }

  async close(): Promise<void> {
    await this.indexing.stop();
    await this.node.bus.idle();
  }
}
