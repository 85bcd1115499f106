import type { AnyCommand, AnyQuery } from './command.ts';

/** Every command and query by name: the whole of what can be asked of the domain. */
export interface Registry {
  readonly commands: ReadonlyMap<string, AnyCommand>;
  readonly queries: ReadonlyMap<string, AnyQuery>;
}

export function createRegistry(commands: readonly AnyCommand[], queries: readonly AnyQuery[]): Registry {
  return { commands: byName(commands), queries: byName(queries) };
}

function byName<T extends { readonly name: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const entry of entries) {
    if (map.has(entry.name)) throw new Error(`Two registrations are named ${entry.name}`);
    map.set(entry.name, entry);
  }
  return map;
}
