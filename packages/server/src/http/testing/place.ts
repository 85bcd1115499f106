import { writeFile } from 'node:fs/promises';
import type { ConversationRow, OpenMessage, Role } from '@roost/protocol';
import { createApiToken, createSignInLink } from '../../access/index.ts';
import { systemSecrets } from '../../clock.ts';
import type { Scope } from '../../commands/index.ts';
import { commands, queries } from '../../domain/index.ts';
import { newWebhookSecret } from '../../outbound/webhooks/index.ts';
import { digestOf, plainArrival, type World } from './world.ts';

const system = { kind: 'system', name: 'test' } as const;
/** Named by the HTML of every message that is asked about. */
export const PICTURE = 'https://pictures.example/dot.gif?a=1&b=2';
const NAMES_PICTURE = '<img src="https://pictures.example/dot.gif?a=1&amp;b=2">';

/** Whoever asks, and where they belong. */
export interface Person {
  readonly org: string;
  readonly userId: string;
  readonly token: string;
  /** Null for API tokens. */
  readonly cookie: string | null;
}

/** One inbox of one organisation, and what there is to ask about in it: each thing made anew, when it is asked for. */
export class Place {
  private constructor(
    readonly world: World,
    readonly org: string,
    readonly ownerId: string,
    readonly inboxId: string,
    readonly address: string,
    /** Another inbox with the same access, for visitors of a host application. */
    readonly apiInboxId: string,
    /** Stands in the text and the names of all that is here. */
    readonly marker: string,
  ) {}

  /** @param access  `members` hides the inbox from agents and viewers, none of whom is in it */
  static async open(
    world: World,
    { org, ownerId }: { org: string; ownerId: string },
    access: 'everyone' | 'members',
  ): Promise<Place> {
    const marker = `marker-${word()}`;
    const address = `${word()}@desk.example`;
    const open = async (kind: 'mail' | 'api', at: string | null) => {
      const input = { kind, address: at, name: marker, access, threads: true, member_ids: [], settings: {} };
      return (await world.bus.execute(commands.createInbox, { org, actor: system, input })).result.id;
    };
    const [mail, api] = [await open('mail', address), await open('api', null)];
    return new Place(world, org, ownerId, mail, address, api, marker);
  }

  /** A new WhatsApp inbox. @returns what is both its app's secret and its verify token */
  async whatsappToken(): Promise<string> {
    const secret = word();
    const settings = { token: secret, app_secret: secret, verify_token: secret };
    await this.world.bus.execute(commands.createInbox, {
      org: this.org,
      actor: system,
      input: { kind: 'whatsapp', address: word(), access: 'members', member_ids: [], settings },
    });
    return secret;
  }

  /** A mailbox somebody made, with a mail in it that was moved there. */
  async mailbox(): Promise<{ mailbox: string; message: string }> {
    const of = { org: this.org, actor: system };
    const made = await this.world.bus.execute(commands.createMailbox, {
      ...of,
      input: { inbox_id: this.inboxId, path: `${this.marker} ${word()}` },
    });
    const message = await this.message();
    const change = { mailbox_id: made.result.id };
    await this.world.bus.execute(commands.changeMail, { ...of, input: { message_ids: [message], change } });
    return { mailbox: made.result.id, message };
  }

  async emptyMailbox(): Promise<string> {
    const { mailbox, message } = await this.mailbox();
    const input = { message_ids: [message], change: { trash: true } };
    await this.world.bus.execute(commands.changeMail, { org: this.org, actor: system, input });
    return mailbox;
  }

  /** A rule of this inbox that matches nothing. */
  async filter(): Promise<string> {
    const conditions = [{ field: 'subject' as const, op: 'is' as const, value: word(), not: false }];
    const { result } = await this.world.bus.execute(commands.addRule, {
      org: this.org,
      actor: system,
      input: { inbox_id: this.inboxId, name: this.marker, conditions, actions: [{ type: 'flag' }] },
    });
    return result.id;
  }

  /** The ids of all rules of this inbox, of which there is at least one. */
  async filters(): Promise<string[]> {
    await this.filter();
    const { rows } = await this.world.bus.query(queries.readView, {
      org: this.org,
      actor: system,
      input: {
        channel: `filters:${this.inboxId}`,
        params: {},
        user_id: this.ownerId,
        before: null,
        limit: 1_000,
      },
    });
    return rows.map((row) => JSON.parse(row).id);
  }

  /** A mail that came and was kept from people. */
  async quarantined(): Promise<string> {
    const local = word();
    const conditions = [{ field: 'envelope_to_local' as const, op: 'is' as const, value: local, not: false }];
    const inbox = await this.world.bus.execute(commands.createInbox, {
      org: this.org,
      actor: system,
      input: { kind: 'mail', address: `${local}@desk.example`, name: this.marker },
    });
    await this.world.bus.execute(commands.addRule, {
      org: this.org,
      actor: system,
      input: {
        inbox_id: inbox.result.id,
        name: this.marker,
        conditions,
        actions: [{ type: 'decide', decision: 'QUARANTINE' }],
      },
    });
    return this.mailTo(`${local}@desk.example`);
  }

  /** A mail in an inbox that keeps no conversations. */
  async plainMail(): Promise<string> {
    const address = `${word()}@desk.example`;
    await this.world.bus.execute(commands.createInbox, {
      org: this.org,
      actor: system,
      input: { kind: 'mail', address, name: this.marker, threads: false },
    });
    return this.mailTo(address);
  }

  private async mailTo(address: string): Promise<string> {
    const { result } = await this.world.bus.execute(commands.acceptMessages, {
      org: this.org,
      actor: system,
      input: { arrivals: [{ ...plainArrival, to: [address], subject: this.marker }] },
    });
    return result[0]?.message_ids[0] as string;
  }

  /** A message as it came by mail, with a file. */
  async message(): Promise<string> {
    const bytes = Buffer.from(`${this.marker} ${word()}`);
    const digest = digestOf(bytes);
    this.world.blobs.set(digest, bytes);
    const file = {
      index: 0,
      filename: `${this.marker}.txt`,
      content_type: 'text/plain',
      size_bytes: bytes.length,
      content_id: null,
      inline: false,
    };
    const { result } = await this.world.bus.execute(commands.acceptMessages, {
      org: this.org,
      actor: system,
      input: {
        arrivals: [
          {
            ...plainArrival,
            to: [this.address],
            from: `${this.marker} <${word()}@customer.example>`,
            subject: this.marker,
            snippet: this.marker,
            source: digest,
            attachment_blobs: [digest],
            content: { ...plainArrival.content, text: this.marker, html: NAMES_PICTURE, attachments: [file] },
          },
        ],
      },
    });
    return result[0]?.message_ids[0] as string;
  }

  /** A conversation that somebody outside has begun. */
  async conversation(): Promise<ConversationRow> {
    const { conversation_id } = await this.row<OpenMessage>(`message:${await this.message()}`);
    return this.row<ConversationRow>(`conversation:${conversation_id}`);
  }

  /** An answer of which nobody knows whether it was sent. */
  async uncertainAnswer(): Promise<string> {
    const { id, answer_offset } = await this.conversation();
    const call = { org: this.org, actor: system };
    const { result } = await this.world.bus.execute(commands.sendMessage, {
      ...call,
      input: {
        kind: 'reply',
        conversation_id: id,
        text: this.marker,
        uploads: [],
        based_on: answer_offset,
        override: false,
      },
    });
    const message_ids = [result.message_id];
    await this.world.bus.execute(commands.claimOutgoing, { ...call, input: { message_ids, lease_ms: 1 } });
    const input = { message_ids, lease_before: Number.MAX_SAFE_INTEGER };
    await this.world.bus.execute(commands.giveUpOutgoing, { ...call, input });
    return result.message_id;
  }

  async contact(): Promise<string> {
    return (await this.conversation()).contact?.id as string;
  }

  /** A direct conversation of the asker, when they are from here, and two others. */
  async direct(asker: Person): Promise<string> {
    const others = [await this.userId(), await this.userId()];
    const { result } = await this.world.bus.execute(commands.startDirect, {
      org: this.org,
      actor: { kind: 'member', user_id: this.ownerId, session_id: 'test' },
      input: { user_ids: asker.org === this.org ? [asker.userId, ...others] : others, subject: this.marker },
    });
    return result.conversation_id;
  }

  /** A job that left a file, begun by the asker, when they are from here, else by the owner. */
  async job(asker: Person): Promise<string> {
    const user_id = asker.org === this.org && asker.userId !== '' ? asker.userId : this.ownerId;
    const { bus, jobFiles } = this.world;
    const { result } = await bus.execute(commands.beginExport, {
      org: this.org,
      actor: { kind: 'member', user_id, session_id: 'test' },
      input: { format: 'mbox', selection: { q: this.marker } },
    });
    const held = { job_id: result.id, holder: 'test' };
    const call = { org: this.org, actor: system };
    await bus.execute(commands.claimJob, { ...call, input: { ...held, lease_ms: 1_000 } });
    await writeFile(jobFiles.outputPath(result.id), this.marker);
    await bus.execute(commands.endJob, { ...call, input: { ...held, state: 'done', has_file: true } });
    return result.id;
  }

  async label(): Promise<string> {
    const name = `${this.marker}-${word()}`;
    const input = { name, color: '#000000' };
    await this.world.bus.execute(commands.keepLabel, { org: this.org, actor: system, input });
    return name;
  }

  async cannedReply(): Promise<string> {
    const input = { shortcut: word(), title: this.marker, text: this.marker };
    const { result } = await this.world.bus.execute(commands.addCannedReply, {
      org: this.org,
      actor: system,
      input,
    });
    return result.id;
  }

  async webhook(): Promise<string> {
    const of = { org: this.org, actor: system };
    const there = await this.world.bus.query(queries.listWebhooks, { ...of, input: {} });
    if (there.length > 40)
      for (const { id: webhook_id } of there)
        await this.world.bus.execute(commands.removeWebhook, { ...of, input: { webhook_id } });
    const { result } = await this.world.bus.execute(commands.addWebhook, {
      org: this.org,
      actor: system,
      input: {
        name: this.marker,
        url: 'https://hook.example/',
        events: [],
        inbox_ids: [],
        secret: newWebhookSecret(systemSecrets),
      },
    });
    return result.id;
  }

  /** Something that is to be sent to a webhook. */
  async delivery(): Promise<{ id: string; delivery: string }> {
    const id = await this.webhook();
    await this.conversation();
    const of = { org: this.org, actor: system };
    for (;;) {
      const upcoming = await this.world.bus.query(queries.upcomingDeliveries, { ...of, input: {} });
      if (!upcoming) throw new Error('There was nothing to send');
      const { from, to, deliveries } = upcoming;
      await this.world.bus.execute(commands.noteDeliveries, {
        ...of,
        input: { from, to, deliveries: [...deliveries] },
      });
      const ours = deliveries.find(({ webhook_id }) => webhook_id === id);
      if (ours) return { id, delivery: ours.id };
    }
  }

  async userId(role: Role = 'agent'): Promise<string> {
    const { result } = await this.world.bus.execute(commands.addMember, {
      org: this.org,
      actor: system,
      input: { email: `${word()}@roost.test`, name: this.marker, role, password_hash: null },
    });
    return result.id;
  }

  /** A member of this organisation, signed in. */
  async person(role: Role): Promise<Person> {
    return this.signedIn(await this.userId(role));
  }

  /** An API token of an owner, or of whom is named. */
  async apiToken(scopes: readonly Scope[], ofUser?: string): Promise<Person & { tokenId: string }> {
    const userId = ofUser ?? (await this.userId('owner'));
    const made = { org: this.org, user_id: userId, name: this.marker, scopes };
    const { token, token_id } = await createApiToken(this.world.bus, systemSecrets, made);
    return { org: this.org, userId, token, cookie: null, tokenId: token_id };
  }

  /** Id of an API token of the asker, when they are from here, else of somebody who is. */
  async tokenIdOf(asker: Person): Promise<string> {
    const { tokenId } = await this.apiToken(['read'], await this.somebodyLike(asker));
    return tokenId;
  }

  /** Id of another session of the asker, when they are from here, else of somebody who is. */
  async sessionIdOf(asker: Person): Promise<string> {
    const { token } = await this.signedIn(await this.somebodyLike(asker));
    const { rows } = (await this.world.ask('GET', '/api/v1/me/sessions', { token })).json();
    return rows.find(({ is_current }: { is_current: boolean }) => is_current).id;
  }

  /** The token of a visitor who has said something. */
  async visitor(): Promise<string> {
    const owner = await this.signedIn(this.ownerId);
    const answer = await this.world.ask('POST', `/api/v1/inboxes/${this.apiInboxId}/visitors`, {
      token: owner.token,
      body: { external_id: word() },
    });
    return answer.json().visitor_token;
  }

  async link(): Promise<string> {
    return this.linkOf(await this.userId());
  }

  async invitation(): Promise<{ id: string; secret: string }> {
    const owner = await this.signedIn(this.ownerId);
    const answer = await this.world.ask('POST', '/api/v1/invitations', {
      token: owner.token,
      body: { email: `${word()}@roost.test`, role: 'agent' },
    });
    const { id, invitation } = answer.json();
    return { id, secret: invitation };
  }

  private async somebodyLike(asker: Person): Promise<string> {
    return asker.org === this.org ? asker.userId : this.userId();
  }

  private async signedIn(userId: string): Promise<Person> {
    const answer = await this.world.ask('POST', '/api/v1/sessions', {
      body: { link: await this.linkOf(userId) },
    });
    if (answer.statusCode !== 200) throw new Error(`Sign-in answered ${answer.statusCode}: ${answer.body}`);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
    return { org: this.org, userId, token: answer.json().access_token, cookie };
  }

  private linkOf(userId: string): Promise<string> {
    const { bus, clock } = this.world;
    return createSignInLink(bus, { secrets: systemSecrets, clock }, { org: this.org, user_id: userId });
  }

  /** The one row of a channel, as the owner sees it. */
  private async row<Row>(channel: string): Promise<Row> {
    const { rows } = await this.world.bus.query(queries.readView, {
      org: this.org,
      actor: system,
      input: { channel, params: {}, user_id: this.ownerId, before: null, limit: 1 },
    });
    return JSON.parse(rows[0] as string);
  }
}

/** An organisation with its owner, beside the one that the world was founded with. */
export async function anotherOrganisation(world: World): Promise<{ org: string; ownerId: string }> {
  const org = `other-${word()}`;
  const { result } = await world.bus.execute(commands.foundOrganisation, {
    org,
    actor: system,
    input: { name: org, owner_email: `${word()}@other.test`, owner_name: '', password_hash: null },
  });
  return { org, ownerId: result.user_id };
}

/** Letters and digits, never the same twice. */
export function word(): string {
  return `w${systemSecrets(6).toString('hex')}`;
}
