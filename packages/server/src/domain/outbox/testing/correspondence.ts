import { Failure, type MessageRow } from '@roost/protocol';
import type { CommandBus } from '../../../commands/index.ts';
import { arrival } from '../../../commands/testing/arrivals.ts';
import { commands, queries } from '../../index.ts';

const system = { kind: 'system', name: 'test' } as const;

/** An organisation that people write to and that answers, as far as tests of what goes out need it. */
export class Correspondence {
  private count = 0;

  private constructor(
    readonly bus: CommandBus,
    readonly org: string,
    readonly inbox_id: string,
    readonly ownerId: string,
  ) {}

  static async begin(bus: CommandBus, org: string): Promise<Correspondence> {
    const founding = { name: org, owner_email: `owner@${org}.test`, owner_name: '', password_hash: null };
    const { result } = await bus.execute(commands.foundOrganisation, { org, actor: system, input: founding });
    const input = {
      kind: 'mail' as const,
      address: `help@${org}.test`,
      name: 'Help',
      access: 'everyone' as const,
      member_ids: [],
      settings: {},
    };
    const inbox = await bus.execute(commands.createInbox, { org, actor: system, input });
    return new Correspondence(bus, org, inbox.result.id, result.user_id);
  }

  /** The same organisation, over another process's bus. */
  over(bus: CommandBus): Correspondence {
    const same = new Correspondence(bus, this.org, this.inbox_id, this.ownerId);
    same.count = this.count;
    this.count += 1_000;
    return same;
  }

  /** Somebody writes for the first time. @returns the conversation */
  async begun(from = 'ann@example.org'): Promise<string> {
    this.count += 1;
    const headers = [{ name: 'Message-ID', value: `<q${this.count}@example.org>` }];
    const content = { headers, text: 'Hello', html: null, attachments: [], truncated: false };
    const input = {
      arrivals: [arrival(`help@${this.org}.test`, { from, content, external_id: `q${this.count}` })],
    };
    const { result } = await this.bus.execute(commands.acceptMessages, {
      org: this.org,
      actor: system,
      input,
    });
    const id = result[0]?.message_ids[0] as string;
    return (await this.message(id)).conversation_id as string;
  }

  /** Somebody here answers. @returns the message */
  async answer(conversation_id: string, text: string): Promise<string> {
    const { result } = await this.bus.execute(commands.sendMessage, {
      org: this.org,
      actor: system,
      input: { kind: 'reply', conversation_id, text, uploads: [], override: true },
    });
    return result.message_id;
  }

  async message(id: string): Promise<MessageRow> {
    const input = { channel: `message:${id}`, params: {}, user_id: this.ownerId, before: null, limit: 1 };
    const { rows } = await this.bus.query(queries.readView, { org: this.org, actor: system, input });
    const row = rows[0];
    if (row === undefined) throw new Failure('message.unknown');
    return JSON.parse(row);
  }

  async statusOf(id: string): Promise<MessageRow['status']> {
    return (await this.message(id)).status;
  }
}
