import type { Change } from '@roost/protocol';
import type { LogEntry } from '../../commands/index.ts';

/** Conversations that wait for their mark; more are left out, which costs nobody a message. */
const WAITING_MAX = 1_000;
const AT_ONCE_MAX = 2;
const REMEMBERED_MAX = 10_000;

export interface ReadMarksNeeds {
  /** The newest message of the contact up to an offset, where the conversation is one by WhatsApp. */
  newestRead(
    org: string,
    conversationId: string,
    upTo: number,
  ): Promise<{ readonly inbox_id: string; readonly external_id: string } | null>;
  mark(org: string, inboxId: string, externalId: string): Promise<void>;
  readonly log: { warn(about: object, says: string): void };
}

interface Waiting {
  readonly org: string;
  readonly conversation_id: string;
  readonly up_to: number;
}

/**
 * Shows contacts that they were read, once an agent has read them. A courtesy: tried once, and not remembered over a
 * restart.
 */
export class ReadMarks {
  private readonly waiting = new Map<string, Waiting>();
  /** The last message marked in each conversation. */
  private readonly marked = new Map<string, string>();
  private running = 0;
  private stopped = false;

  constructor(private readonly needs: ReadMarksNeeds) {}

  /** Hears of what was committed here. */
  hear(entries: readonly LogEntry[]): void {
    for (const { org, changes } of entries) {
      if (!changes.includes('"kind":"read"')) continue;
      for (const { kind, before, after } of JSON.parse(changes) as Change[]) {
        if (kind === 'read')
          this.heardOf(org, before as Change<'read'>['before'], after as Change<'read'>['after']);
      }
    }
  }

  stop(): void {
    this.stopped = true;
    this.waiting.clear();
  }

  private heardOf(org: string, before: Change<'read'>['before'], after: Change<'read'>['after']): void {
    if (after === null || (before !== null && after.offset <= before.offset)) return;
    const key = `${org} ${after.conversation_id}`;
    if (this.stopped || (this.waiting.size >= WAITING_MAX && !this.waiting.has(key))) return;
    this.waiting.set(key, { org, conversation_id: after.conversation_id, up_to: after.offset });
    this.pump();
  }

  private pump(): void {
    while (this.running < AT_ONCE_MAX) {
      const [next] = this.waiting;
      if (!next) return;
      const [key, one] = next;
      this.waiting.delete(key);
      this.running += 1;
      void this.mark(key, one).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async mark(key: string, { org, conversation_id, up_to }: Waiting): Promise<void> {
    try {
      const newest = await this.needs.newestRead(org, conversation_id, up_to);
      if (newest === null || this.marked.get(key) === newest.external_id) return;
      this.remember(key, newest.external_id);
      await this.needs.mark(org, newest.inbox_id, newest.external_id);
    } catch (err) {
      this.needs.log.warn({ err }, 'A message could not be marked as read');
    }
  }

  private remember(key: string, externalId: string): void {
    this.marked.delete(key);
    this.marked.set(key, externalId);
    const [oldest] = this.marked.keys();
    if (this.marked.size > REMEMBERED_MAX && oldest !== undefined) this.marked.delete(oldest);
  }
}
