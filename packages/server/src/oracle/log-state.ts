import type { AccessRow, Change, EntityKind, Row, Viewer } from '@roost/protocol';

/** Rows by kind, as a store holds them at one moment. */
export type RowsOfKinds = Readonly<Partial<Record<EntityKind, readonly Row[]>>>;

/** What an organisation's log says there is at one offset. */
export class LogState {
  private readonly kinds = new Map<EntityKind, Map<string, Row>>();

  constructor(rows: RowsOfKinds) {
    for (const [kind, of] of Object.entries(rows))
      this.kinds.set(kind as EntityKind, new Map(of.map((row) => [row.id, row])));
  }

  copy(): LogState {
    return new LogState(Object.fromEntries([...this.kinds].map(([kind, of]) => [kind, [...of.values()]])));
  }

  apply(changes: readonly Change[]): void {
    for (const { kind, id, after } of changes) {
      let of = this.kinds.get(kind);
      if (!of) {
        of = new Map();
        this.kinds.set(kind, of);
      }
      if (after !== null) of.set(id, after);
      // Who is gone sees nothing, and what they saw last stands on their screen as it did.
      else if (kind !== 'access') of.delete(id);
    }
  }

  all<R extends Row>(kind: EntityKind): R[] {
    return [...(this.kinds.get(kind)?.values() ?? [])] as R[];
  }

  get<R extends Row>(kind: EntityKind, id: string): R | undefined {
    return this.kinds.get(kind)?.get(id) as R | undefined;
  }

  /** Who somebody is, and what is kept from them. */
  viewer(userId: string): Viewer {
    const access = this.get<AccessRow>('access', userId);
    return { user_id: userId, hidden: access?.hidden ?? [], admin: access?.admin ?? false };
  }
}
