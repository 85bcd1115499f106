import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { type Carrier, type OutgoingPayload, outgoingPayload } from './outgoing.ts';

/**
 * Where a message stands on its way out. `sending` holds from before a transport is called until its answer is
 * recorded: a server that stops in between leaves it so, and whoever finds it knows that nobody knows. `unknown` and
 * `failed` wait for a person. What was sent has no row any more.
 */
export type OutboxState = 'waiting' | 'sending' | 'unknown' | 'failed';

export interface OutboxRow {
  readonly inbox_id: string;
  readonly via: Carrier;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly next_at: number;
  /** Names the attempt, and says how long whoever makes it may take. Stays when the attempt is over. */
  readonly lease_until: number;
  readonly payload: string;
}

const COLUMNS = 'inbox_id, via, state, attempts, next_at, lease_until, payload';

interface Leaving {
  readonly message_id: string;
  readonly inbox_id: string;
  readonly conversation_id: string | null;
  readonly via: Carrier;
  readonly payload: OutgoingPayload;
  /** It does not leave before so many ms have passed; at once when left out. */
  readonly wait_ms?: number;
}

/** Puts a message on its way out, in the transaction that stores it: after those of its conversation. */
export async function enqueue(
  { tx, org, now }: Pick<CommandContext, 'tx' | 'org' | 'now'>,
  { message_id, inbox_id, conversation_id, via, payload, wait_ms = 0 }: Leaving,
): Promise<void> {
  await tx.insertMany(
    'outbox',
    [
      'org',
      'message_id',
      'inbox_id',
      'conversation_id',
      'via',
      'state',
      'attempts',
      'next_at',
      'lease_until',
      'payload',
      'created_at',
    ],
    [
      [
        org,
        message_id,
        inbox_id,
        conversation_id,
        via,
        'waiting',
        0,
        now + wait_ms,
        0,
        JSON.stringify(payload),
        now,
      ],
    ],
  );
}

export async function outboxRow(tx: Tx, org: string, messageId: string): Promise<OutboxRow | undefined> {
  return tx.get<OutboxRow>(`select ${COLUMNS} from outbox where org = ? and message_id = ?`, org, messageId);
}

type Moved = Partial<Pick<OutboxRow, 'state' | 'attempts' | 'next_at' | 'lease_until'>>;

export async function moveOutbox(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  messageId: string,
  moved: Moved,
): Promise<void> {
  const columns = Object.keys(moved) as (keyof Moved)[];
  await tx.run(
    `update outbox set ${columns.map((column) => `${column} = ?`).join(', ')} where org = ? and message_id = ?`,
    ...columns.map((column) => moved[column] as string | number),
    org,
    messageId,
  );
}

export async function dropFromOutbox(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  messageId: string,
): Promise<void> {
  await tx.run('delete from outbox where org = ? and message_id = ?', org, messageId);
}

export function payloadOf(row: OutboxRow): OutgoingPayload {
  return outgoingPayload.parse(JSON.parse(row.payload));
}
