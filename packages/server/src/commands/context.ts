import type { Change } from '@roost/protocol';
import type { Random } from '../clock.ts';
import type { Tx } from '../store/database.ts';
import type { CommandContext } from './command.ts';
import type { Call } from './engine.ts';
import { idAt } from './ids.ts';

/** What a command shares with the others of its transaction. */
export interface Surroundings {
  readonly tx: Tx;
  readonly now: number;
  readonly random: Random;
  /** What was read once for all commands of the organisation. */
  readonly known: Map<string, Promise<unknown>>;
  /** What was read in this transaction for commands still to come. */
  readonly foreseen: Map<string, Promise<unknown>>;
}

/** One command at work. */
export class Context implements CommandContext {
  readonly tx: Tx;
  readonly org: string;
  readonly actor: Call['actor'];
  readonly now: number;
  private readonly changeOf = new Map<string, Change>();
  private idCount = 0;

  constructor(
    private readonly surroundings: Surroundings,
    call: Call,
    readonly offset: number,
  ) {
    this.tx = surroundings.tx;
    this.now = surroundings.now;
    this.org = call.org;
    this.actor = call.actor;
  }

  newId(): string {
    const place = this.idCount;
    this.idCount += 1;
    return idAt(this.offset, place, this.surroundings.random);
  }

  /** Each entity once, as it was before the command and as it is after it. */
  get changes(): readonly Change[] {
    return [...this.changeOf.values()].filter(({ before, after }) => before !== null || after !== null);
  }

  changed(kind: Change['kind'], id: string, before: Change['before'], after: Change['after']): void {
    const key = `${kind} ${id}`;
    const known = this.changeOf.get(key);
    this.changeOf.set(key, { kind, id, before: known ? known.before : before, after });
  }

  readonly once = <T>(key: string, load: () => Promise<T>): Promise<T> =>
    loadOnce(this.surroundings.known, key, load);

  readonly foreseen = <T>(key: string, load: () => Promise<T>): Promise<T> =>
    loadOnce(this.surroundings.foreseen, key, load);

  forget(key: string): void {
    this.surroundings.known.delete(key);
  }

  learn(key: string, value: unknown): void {
    this.surroundings.foreseen.set(key, Promise.resolve(value));
  }
}

function loadOnce<T>(map: Map<string, Promise<unknown>>, key: string, load: () => Promise<T>): Promise<T> {
  const found = map.get(key) as Promise<T> | undefined;
  if (found) return found;
  const loading = load();
  map.set(key, loading);
  // A failure to read is nobody's knowledge.
  loading.catch(() => map.delete(key));
  return loading;
}
