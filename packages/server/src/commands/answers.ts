import { createHash } from 'node:crypto';
import { Failure } from '@roost/protocol';
import type { WriteTx } from '../store/database.ts';
import { actorName } from './actor.ts';
import type { Call } from './engine.ts';

/** What a command with a client's id answered: where it took effect, and its result. */
export interface Answered {
  readonly offset: number;
  readonly result: unknown;
}

interface Kept {
  readonly org: string;
  readonly id: string;
  readonly fingerprint: string;
  readonly offset: number;
  /** JSON text. */
  readonly result: string;
}

/** The memory that makes a command with an id happen at most once, through one transaction. */
export class Answers {
  private readonly kept = new Map<string, Kept>();
  private readonly asked = new Map<string, Promise<Kept | undefined>>();

  constructor(
    private readonly tx: WriteTx,
    private readonly now: number,
  ) {}

  /** Asks the store, so that `find` need not wait. */
  async foresee(call: Call): Promise<void> {
    await this.stored(call.org, idOf(call));
  }

  /** @throws request.repeated  the id was used for something else */
  async find(call: Call): Promise<Answered | null> {
    const id = idOf(call);
    const known = this.kept.get(keyOf(call.org, id)) ?? (await this.stored(call.org, id));
    if (!known) return null;
    if (known.fingerprint !== fingerprint(call)) throw new Failure('request.repeated');
    return { offset: known.offset, result: JSON.parse(known.result) };
  }

  keep(call: Call, { offset, result }: Answered): void {
    const id = idOf(call);
    this.kept.set(keyOf(call.org, id), {
      org: call.org,
      id,
      fingerprint: fingerprint(call),
      offset,
      result: JSON.stringify(result),
    });
  }

  private stored(org: string, id: string): Promise<Kept | undefined> {
    const key = keyOf(org, id);
    let asking = this.asked.get(key);
    if (!asking) {
      asking = this.tx.get<Kept>(
        'select fingerprint, "offset", result from answer where org = ? and id = ?',
        org,
        id,
      );
      this.asked.set(key, asking);
    }
    return asking;
  }

  async write(): Promise<void> {
    if (this.kept.size === 0) return;
    await this.tx.insertMany(
      'answer',
      ['org', 'id', 'fingerprint', 'offset', 'result', 'at'],
      [...this.kept.values()].map((kept) => [
        kept.org,
        kept.id,
        kept.fingerprint,
        kept.offset,
        kept.result,
        this.now,
      ]),
    );
  }
}

/** One person's ids are never answered from another's memory. */
function idOf(call: Call): string {
  return `${actorName(call.actor)}:${call.id}`;
}

function keyOf(org: string, id: string): string {
  return `${org}\n${id}`;
}

function fingerprint(call: Call): string {
  return createHash('sha256')
    .update(call.name)
    .update('\n')
    .update(JSON.stringify(call.input))
    .digest('base64url');
}
