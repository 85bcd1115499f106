import type { ConversationRow } from '@roost/protocol';
import { createTransport } from 'nodemailer';
import type { Clock, Random } from '../clock.ts';
import type { WhatsAppSimulator } from '../simulate/whatsapp/index.ts';
import type { Api } from './api.ts';
import { type Customer, customers, type Story, stories } from './people.ts';
import type { DemoAgent, DemoTeam } from './team.ts';

/** Between two things that customers begin. */
const BEGIN_EVERY_MS = [5_000, 14_000] as const;
/** Between two lines that somebody writes. */
const WRITE_MS = [2_500, 9_000] as const;
/** How many talks go on at once, so that a screen can be followed. */
const TALKS_MAX = 6;
const CANCELLED = Symbol('cancelled');

interface Needs {
  readonly team: DemoTeam;
  readonly simulator: WhatsAppSimulator;
  readonly url: string;
  readonly smtpPort: number;
  readonly clock: Clock;
  readonly random: Random;
  /** How many times faster than people everything goes. */
  readonly pace: number;
  /** Something did not work; the demo goes on. */
  trouble(error: unknown): void;
}

/** One way in, by which a customer says something. */
type Say = (customer: Customer, story: Story, line: string) => Promise<void>;

/** Customers who write by mail, WhatsApp and chat, and two colleagues who answer some of them. */
export class Traffic {
  private isStopped = false;
  private talkCount = 0;
  private begun = 0;
  private readonly cancels = new Set<() => void>();
  private readonly mailer;
  private readonly ways: readonly Say[];
  private readonly mailSaid = new Map<string, string>();

  constructor(private readonly needs: Needs) {
    this.mailer = createTransport({ host: '127.0.0.1', port: needs.smtpPort, ignoreTLS: true });
    this.ways = [
      (customer, _, text) => this.byWhatsApp(customer, text),
      (customer, story, text) => this.byMail(customer, story, text),
      (customer, _, text) => this.byChat(customer, text),
    ];
  }

  start(): void {
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
    for (const cancel of [...this.cancels]) cancel();
    this.mailer.close();
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopped) {
        if (this.talkCount < TALKS_MAX) void this.talk();
        await this.pause(BEGIN_EVERY_MS);
      }
    } catch (error) {
      if (error !== CANCELLED) this.needs.trouble(error);
    }
  }

  /** One customer's matter, from the question to the thanks. The one who signs in finds some of them left to them. */
  private async talk(): Promise<void> {
    this.talkCount += 1;
    const customer = customers[this.begun % customers.length] as Customer;
    const story = this.pick(stories);
    const say = this.ways[this.begun % this.ways.length] as Say;
    this.begun += 1;
    try {
      for (const line of story.asks) {
        await say(customer, story, line);
        await this.pause(WRITE_MS);
      }
      // Every third is for whoever watches.
      if (this.begun % 3 !== 0) await this.answer(customer, story, say);
    } catch (error) {
      if (error !== CANCELLED && !this.isStopped) this.needs.trouble(error);
    } finally {
      this.talkCount -= 1;
    }
  }

  private async answer(customer: Customer, story: Story, say: Say): Promise<void> {
    const agent = this.pick(this.needs.team.agents.slice(1)) as DemoAgent;
    const conversation = await this.conversationOf(agent.api, customer);
    if (!conversation) return;
    const path = `/api/v1/conversations/${conversation.id}`;
    await agent.api.ask('PATCH', path, { assignee_id: agent.user_id, add_labels: [story.label] });
    await this.pause(WRITE_MS);
    await agent.api.ask('POST', `${path}/messages`, { kind: 'note', text: story.note });
    for (const text of story.answers) {
      await this.pause(WRITE_MS);
      await agent.api.ask('POST', `${path}/messages`, { text, override: true });
    }
    await this.pause(WRITE_MS);
    await say(customer, story, story.thanks);
    await this.pause(WRITE_MS);
    await agent.api.ask('PATCH', path, { status: 'closed' });
  }

  private async conversationOf(api: Api, customer: Customer): Promise<ConversationRow | undefined> {
    const { rows } = await api.ask<{ rows: ConversationRow[] }>(
      'GET',
      '/api/v1/conversations?view=all&limit=200',
    );
    // The one they wrote in last.
    return rows.find(({ contact }) => contact?.name === customer.name);
  }

  private async byWhatsApp(customer: Customer, text: string): Promise<void> {
    const { answered } = this.needs.simulator.say({ from: customer.phone, name: customer.name, text });
    const status = await answered;
    if (status !== 200) throw new Error(`The webhook was answered ${status}`);
  }

  private async byMail(customer: Customer, story: Story, text: string): Promise<void> {
    // One thread for each matter.
    const thread = `${customer.email}\n${story.subject}`;
    const before = this.mailSaid.get(thread);
    const sent = await this.mailer.sendMail({
      from: { name: customer.name, address: customer.email },
      to: this.needs.team.mailAddress,
      subject: before ? `Re: ${story.subject}` : story.subject,
      text,
      ...(before ? { inReplyTo: before, references: before } : {}),
    });
    this.mailSaid.set(thread, sent.messageId);
  }

  private async byChat(customer: Customer, text: string): Promise<void> {
    const { owner, chatInbox } = this.needs.team;
    const { visitor_token } = await owner.ask<{ visitor_token: string }>(
      'POST',
      `/api/v1/inboxes/${chatInbox.id}/visitors`,
      { external_id: customer.email, name: customer.name },
    );
    await owner.as(visitor_token).ask('POST', '/api/v1/visitor/messages', { text });
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.needs.random() * from.length)] as T;
  }

  private pause([least, most]: readonly [number, number]): Promise<void> {
    if (this.isStopped) return Promise.reject(CANCELLED);
    const ms = (least + this.needs.random() * (most - least)) / this.needs.pace;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.cancels.delete(cancel);
        settle();
      };
      const cancelTimer = this.needs.clock.after(ms, () => end(resolve));
      const cancel = () => {
        cancelTimer();
        end(() => reject(CANCELLED));
      };
      this.cancels.add(cancel);
    });
  }
}
