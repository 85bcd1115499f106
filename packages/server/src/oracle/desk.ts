import type {
  ConversationRow,
  Failure,
  FailureCode,
  InboxRow,
  MessageRow,
  Role,
  UnreadRow,
} from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { AnyCommand, InputOf } from '../commands/command.ts';
import type { Actor, Answer } from '../commands/index.ts';
import { type Arrival, commands } from '../domain/index.ts';
import { happens, pick } from './chance.ts';
import type { Person } from './person.ts';
import type { WorldStore } from './store.ts';
import { system, type Writers } from './writers.ts';

/** People outside who write, by mail and by phone. */
const CONTACTS = [0, 1, 2, 3];
const LABELS = ['vip', 'late', 'shop'];
const ROLES: readonly Role[] = ['agent', 'viewer', 'admin', 'agent'];
const SNOOZE_MS = 20_000;
/** Mails that a later one may answer. */
const MAILS_KEPT = 8;

/** A step of a race may meet what others did just before it. */
const MAY_HAPPEN: readonly FailureCode[] = [
  'access.forbidden',
  'conversation.unknown',
  'member.unknown',
  'contact.unknown',
  'inbox.unknown',
  'cursor.unknown',
  'request.invalid',
];

interface Needs {
  readonly store: WorldStore;
  readonly random: Random;
  readonly writers: Writers;
  readonly people: readonly Person[];
  now(): number;
  wrong(says: string): void;
}

/** People who talk to each other: contacts who write in, members who answer, and those who say who may see it. */
export class Desk {
  private inboxes: readonly InboxRow[] = [];
  private readonly mails: string[] = [];
  private count = 0;

  constructor(private readonly needs: Needs) {}

  /** What the organisation has besides its plain mail domains: two inboxes for all, one that is restricted. */
  get wanted(): readonly InputOf<typeof commands.createInbox>[] {
    const { org } = this.needs.store;
    return [
      { kind: 'mail', address: `help@${org}.test` },
      { kind: 'mail', address: `vip@${org}.test`, access: 'members' },
      { kind: 'whatsapp', address: `wa-${org}` },
    ];
  }

  opened(inboxes: readonly InboxRow[]): void {
    this.inboxes = inboxes;
  }

  get conversations(): readonly ConversationRow[] {
    return this.needs.store.history.now.all<ConversationRow>('conversation');
  }

  /** Contacts write: to one inbox or to several, by one command or by one each, some of it twice. */
  contactsWrite(inbox: number, count: number): void {
    const arrivals = Array.from({ length: count }, (_, at) => this.arrival(at + inbox));
    if (happens(this.needs.random, 0.5)) this.needs.writers.accept(arrivals);
    else for (const arrival of arrivals) this.needs.writers.accept([arrival]);
  }

  /** A member says something: an answer to what they saw, a note, or something over all that came since. */
  say(person: Person, conversation: ConversationRow, how: number): void {
    const { store } = this.needs;
    const { epoch } = store.history;
    this.count += 1;
    const saw = Math.max(0, conversation.answer_offset - (how % 3));
    const kind = how % 5 === 0 ? ('note' as const) : ('reply' as const);
    const override = how % 7 === 0;
    const input = { conversation_id: conversation.id, kind, text: `s${this.count}`, based_on: saw, override };
    const isAnswer = kind === 'reply' && !override && conversation.kind === 'contact';
    const others = (after: number, before: number) =>
      store.history
        .saidBetween(conversation.id, after, before)
        .filter(({ author_id }) => author_id !== person.userId);
    this.write(
      commands.sendMessage,
      actorOf(person),
      input,
      ({ offset, result }) => {
        if (store.history.epoch !== epoch) return;
        this.needs.writers.keeps(result.message_id);
        // Whoever answers has seen all that was said (rule O1).
        if (isAnswer && others(saw, offset).length > 0)
          this.needs.wrong(`${input.text} answered as of ${saw} at ${offset}, past what others said`);
      },
      ['conversation.moved', 'conversation.window_closed'],
      ({ code }) => {
        if (code !== 'conversation.moved' || store.history.epoch !== epoch) return;
        if (!isAnswer || !store.history.wasSaidAfter(conversation.id, saw, person.userId))
          this.needs.wrong(`${input.text} was refused as of ${saw}, although nobody said anything since`);
      },
    );
  }

  change(person: Person, conversations: readonly ConversationRow[], how: number): void {
    const { people, now } = this.needs;
    const label = LABELS[how % LABELS.length] as string;
    const changes: readonly InputOf<typeof commands.changeConversations>['change'][] = [
      { status: 'closed' },
      { status: 'open' },
      { status: 'archived' },
      { status: 'pending' },
      { status: 'snoozed', snoozed_until: new Date(now() + SNOOZE_MS).toISOString() },
      { assignee_id: pick(this.needs.random, people)?.userId ?? null },
      { assignee_id: person.userId, add_labels: [label] },
      { assignee_id: null },
      { add_labels: [label] },
      { remove_labels: [label] },
    ];
    const conversation_ids = conversations.map(({ id }) => id);
    const change = changes[how % changes.length] ?? {};
    this.write(commands.changeConversations, actorOf(person), { conversation_ids, change });
  }

  wake(): void {
    const conversation_ids = this.conversations
      .filter(({ status }) => status === 'snoozed')
      .map(({ id }) => id);
    if (conversation_ids.length > 0) this.write(commands.wakeConversations, system, { conversation_ids });
  }

  read(person: Person, { id }: ConversationRow, back: number): void {
    const up_to = Math.max(0, this.needs.store.history.head - back);
    this.write(commands.readConversation, actorOf(person), { conversation_id: id, up_to });
  }

  unread(person: Person, { id }: ConversationRow): void {
    this.write(commands.unreadConversation, actorOf(person), { conversation_id: id });
  }

  direct(person: Person, others: readonly Person[]): void {
    const user_ids = others.map(({ userId }) => userId);
    this.write(commands.startDirect, actorOf(person), { user_ids, subject: 'among us' });
  }

  participants(person: Person, { id }: ConversationRow, who: Person, comes: boolean): void {
    const change = comes ? { add: [who.userId] } : { remove: [who.userId] };
    this.write(commands.changeParticipants, actorOf(person), { conversation_id: id, ...change });
  }

  /** The first message that somebody has not read is taken away, and perhaps the next. */
  removeUnread(person: Person, count: number): void {
    const { store, writers } = this.needs;
    const looking = { userId: person.userId, channel: 'unread', params: {} };
    const [unread] = store.history.rowsAt(looking, store.history.head) as UnreadRow[];
    if (!unread) return;
    const ids = store.history.now
      .all<MessageRow>('message')
      .filter(({ conversation_id, id }) => conversation_id === unread.id && id >= unread.first_unread)
      .map(({ id }) => id)
      .sort();
    writers.removeThese(ids.slice(0, count));
  }

  /** Something is said in one of the conversations in which nothing was said for long, which moves it to the top. */
  stir(person: Person): void {
    const oldest = [...this.conversations].sort((one, other) => (one.activity < other.activity ? -1 : 1));
    const one = pick(this.needs.random, oldest.slice(0, 3));
    if (one) this.say(person, one, 0);
  }

  /** Who sees which inbox changes by role, by the inbox's access, or by its members. */
  changeAccess(how: number, which: number): void {
    const person = this.needs.people[which % this.needs.people.length] as Person;
    if (how % 3 === 0) {
      const role = ROLES[which % ROLES.length] as Role;
      this.write(commands.changeRole, system, { user_id: person.userId, role });
      return;
    }
    const inbox = this.inboxes[which % this.inboxes.length] as InboxRow;
    const now = this.needs.store.history.now.get<InboxRow>('inbox', inbox.id) ?? inbox;
    const isIn = now.member_ids.includes(person.userId);
    const others = now.member_ids.filter((id) => id !== person.userId);
    const change =
      how % 3 === 1
        ? { member_ids: isIn ? others : [...others, person.userId] }
        : { access: now.access === 'members' ? ('everyone' as const) : ('members' as const) };
    this.write(commands.updateInbox, system, { inbox_id: inbox.id, ...change });
  }

  rename(how: number): void {
    const contact = pick(this.needs.random, this.needs.store.history.now.all('contact'));
    if (contact)
      this.write(commands.updateContact, system, { contact_id: contact.id, name: `Name ${how % 4}` });
  }

  keepLabel(how: number): void {
    this.write(commands.keepLabel, system, { name: LABELS[how % LABELS.length] as string });
  }

  private write<C extends AnyCommand>(
    command: C,
    actor: Actor,
    input: InputOf<C>,
    done: (answer: Answer<Awaited<ReturnType<C['run']>>>) => void = () => {},
    mayFail: readonly FailureCode[] = [],
    refused: (failure: Failure) => void = () => {},
  ): void {
    const { org } = this.needs.store;
    this.needs.writers.write(
      (node, id) => node.bus.execute(command, { org, actor, id, input }),
      done as (answer: Answer<unknown>) => void,
      happens(this.needs.random, 0.2),
      [...MAY_HAPPEN, ...mayFail],
      refused,
    );
  }

  private arrival(inbox: number): Arrival {
    const { random } = this.needs;
    const { kind, id, address } = this.inboxes[inbox % this.inboxes.length] as InboxRow;
    const who = pick(random, CONTACTS) as number;
    this.count += 1;
    const name = `c${this.count}`;
    const common = {
      subject: name,
      snippet: '',
      size_bytes: 1,
      external_id: name,
      source: null,
      attachment_blobs: [],
      problem: null,
    };
    const content = { headers: [], text: 'text', html: null, attachments: [], truncated: false };
    if (kind === 'whatsapp') {
      const sender = {
        kind: 'phone' as const,
        value: `4915${who}0000000`,
        name: who === 0 ? '' : `Phone ${who}`,
      };
      return { ...common, to: [], inbox_id: id, sender, from: sender.value, text: name, content };
    }
    const headers = [
      { name: 'Message-ID', value: `<${name}@example.org>` },
      {
        name: 'In-Reply-To',
        value: `<${happens(random, 0.7) ? pick(random, this.mails) : `${name}-0`}@example.org>`,
      },
    ];
    this.mails.push(name);
    this.mails.splice(0, this.mails.length - MAILS_KEPT);
    return {
      ...common,
      to: [address],
      from: `C${who} <c${who}@example.org>`,
      content: { ...content, headers },
    };
  }
}

function actorOf({ userId }: Person): Actor {
  return { kind: 'member', user_id: userId, session_id: '' };
}
