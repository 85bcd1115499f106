import type { Change, Cursor } from '@roost/protocol';
import { hashSecret } from '../access/secret.ts';

/** A time during which somebody is a member, with the token they were given for it. */
export interface Spell {
  readonly token: string;
  /** The last entry they may see anything of; null while it lasts. */
  endsAt: Cursor | null;
}

/** Somebody who reads, whether a member at the moment or not. */
export class Person {
  private readonly spells: Spell[] = [];

  constructor(
    readonly email: string,
    readonly userId: string,
  ) {}

  get isMember(): boolean {
    return this.token !== null;
  }

  get token(): string | null {
    return this.spells.find(({ endsAt }) => endsAt === null)?.token ?? null;
  }

  spellOf(token: string): Spell | undefined {
    return this.spells.find((spell) => spell.token === token);
  }

  joined(token: string): void {
    this.spells.push({ token, endsAt: null });
  }

  /** Hears of what was committed. */
  hear(at: Cursor, changes: readonly Change[]): void {
    const isGone = changes.some(
      ({ kind, id, after }) => kind === 'member' && id === this.userId && after === null,
    );
    if (isGone) for (const spell of this.spells) spell.endsAt ??= at;
  }

  /** A backup was restored: the tokens it holds work again, or still; no others do. */
  restored(hashes: ReadonlySet<string>, at: Cursor): void {
    for (const spell of this.spells) spell.endsAt = hashes.has(hashSecret(spell.token)) ? null : at;
  }
}
