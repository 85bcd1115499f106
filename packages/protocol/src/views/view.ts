import type { Entities, EntityKind } from '../entity.ts';

/**
 * A view is a kind of entity, a predicate and an order. The server turns the predicate into SQL for the
 * snapshot and runs it on changes for the deltas; a test holds the two equal (rule S4).
 */
export interface View<Kind extends EntityKind = EntityKind> {
  readonly kind: Kind;
  /** The channel it is shown on. */
  readonly channel: string;
  /** Names the view within its organisation: channel, and what of it. The same for everybody who sees the same rows. */
  readonly key: string;
  /** The one entity it shows, for a view of a single one; spares asking it about every other. */
  readonly only?: string;
  /** Whether the view shows this entity. */
  includes(row: Entities[Kind]): boolean;
  /** Rows with the greater sort key come first. */
  sortKey(row: Entities[Kind]): string;
}
