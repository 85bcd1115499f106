import type { Entities, EntityKind } from '../entity.ts';
import { Failure } from '../failures.ts';
import { type NoOutline, type OutlineParams, outlineOf } from '../outline.ts';

/** Who looks: some views show only what concerns them, and none shows an inbox that is kept from them (rule A2). */
export interface Viewer {
  readonly user_id: string;
  /** Ids of the inboxes kept from them, in order. */
  readonly hidden: readonly string[];
  /** Owners and admins see what is kept from everybody else; false when left out. */
  readonly admin?: boolean | undefined;
}

/**
 * A view is a kind of entity, a predicate and an order. The server turns the predicate into SQL for the
 * snapshot and runs it on changes for the deltas; a test holds the two equal (rule S4).
 */
export interface View<Kind extends EntityKind = EntityKind> {
  readonly kind: Kind;
  /** The channel it is shown on. */
  readonly channel: string;
  /** Names the view within its organisation: channel, and what of it. */
  readonly key: string;
  /** Those who see the same rows under the same key; '' for everybody. Never told to a reader. */
  readonly audience: string;
  /** The one entity it shows, for a view of a single one; spares asking it about every other. */
  readonly only?: string;
  /** The conversation that all its rows belong to; spares asking it about every other. */
  readonly within?: string;
  /** Whoever asks may open it only if the store says so, each time: what it shows does not tell who may see it. */
  readonly isGuarded?: true;
  /** Its rows come of several kinds of entities together, by the server's own fold (rule U2). */
  readonly isTally?: true;
  /** Whether the view shows this entity. */
  includes(row: Entities[Kind]): boolean;
  /** Rows with the greater sort key come first. */
  sortKey(row: Entities[Kind]): string;
}

/**
 * The part of a view that its channel's outline says.
 *
 * @throws channel.unknown, filter.invalid
 */
export function drawn(
  channel: string,
  { user_id }: Pick<Viewer, 'user_id'>,
  params?: OutlineParams,
): Pick<View, 'channel' | 'key' | 'sortKey'> {
  const outline = outlineOf(channel, params);
  if ('code' in outline) throw failureOf(outline);
  return { channel, key: outline.keyFor(user_id), sortKey: outline.sortKey };
}

export function failureOf({ code, says }: NoOutline): Failure {
  return new Failure(code, says);
}

/** The audience of a view that shows owners and admins more. */
export function audienceByRole(viewer: Viewer): string {
  return `${viewer.admin === true ? 'admin ' : ''}${audienceOf(viewer)}`;
}

/** The audience of a view that leaves out hidden inboxes. */
export function audienceOf({ hidden }: Viewer): string {
  return hidden.join(' ');
}
