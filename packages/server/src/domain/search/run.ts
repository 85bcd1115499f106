import type { SearchHit } from '@roost/protocol';
import { Failure } from '@roost/protocol';
import { conversationStatus, foundKind } from '@roost/protocol/schema';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE, type QueryContext } from '../../commands/index.ts';
import type { Value } from '../../store/database.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { type Asked, readAsked } from './asked.ts';
import { hitOf } from './hit.ts';
import { type Place, type Scope, type Span, seqAt } from './index-contract.ts';
import { searchIndex } from './write.ts';

export const SEARCH_MAX_CHARS = 400;
const PAGE_MAX_ROWS = 50;
/** What one page looks at, however few of it fit the filters: no search takes long, and the next page goes on. */
const LOOKED_AT_MAX_COUNT = 3_000;
const FIRST_LOOK_COUNT = 60;
/** Filters that leave no more conversations than these narrow the search itself. */
const NARROW_MAX_COUNT = 200;
/** Of one's direct conversations, those that are found. */
const OWN_MAX_COUNT = 500;

export const searchInput = z.object({
  q: z.string().max(SEARCH_MAX_CHARS),
  inbox_id: z.string().max(64).nullable().default(null),
  status: conversationStatus.nullable().default(null),
  /** User id; `none` for nobody. */
  assignee_id: z.string().max(64).nullable().default(null),
  label: z.string().trim().toLowerCase().max(50).nullable().default(null),
  contact_id: z.string().max(64).nullable().default(null),
  /** Empty for all. */
  kinds: z.array(foundKind).default([]),
  /** ms since 1970; `after` counts, `before` does not. */
  before: z.int().nullable().default(null),
  after: z.int().nullable().default(null),
  /** `next` of the page above. */
  cursor: z.string().max(40).nullable().default(null),
  limit: z.int().min(1).max(PAGE_MAX_ROWS).default(20),
});
type SearchInput = z.output<typeof searchInput>;

export interface Found {
  readonly rows: readonly SearchHit[];
  readonly next: string | null;
}

/**
 * Finds what holds all of the words, newest first, among what whoever asks may see: nothing of hidden inboxes, and of
 * direct conversations only their own.
 *
 * @throws cursor.malformed
 */
export const runSearch = defineQuery<SearchInput, Found>({
  name: 'search.run',
  input: searchInput as z.ZodType<SearchInput>,
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, input): Promise<Found> {
    const asked = readAsked(input.q);
    if (asked.wanted.length === 0) return { rows: [], next: null };
    const narrowed = await narrow(context, input);
    if (narrowed?.length === 0) return { rows: [], next: null };
    const scope = await scopeOf(context, input, narrowed);
    const { places, next } = await look(context, asked, scope, input);
    const rows = await Promise.all(places.map((place) => hitOf(context, asked.wanted, place)));
    return { rows: rows.filter((row) => row !== null), next };
  },
});

/** Ever further down, until there are enough, or no more, or it was enough for one page. */
async function look(
  { tx, org, actor }: QueryContext,
  asked: Asked,
  scope: Scope,
  input: SearchInput,
): Promise<{ places: readonly Place[]; next: string | null }> {
  const index = searchIndex(tx.dialect);
  const filter = conversationFilter(input);
  const seen = visible(actor, scope.hidden);
  let span = spanOf(input);
  let lookedAt = 0;
  const places: Place[] = [];
  for (let count = Math.max(FIRST_LOOK_COUNT, input.limit + 1); ; count *= 4) {
    const wanted = Math.min(count, LOOKED_AT_MAX_COUNT - lookedAt);
    const match = index.match(asked, scope, span, wanted);
    const found = await tx.all<Place & { fits: number }>(
      `select f.seq as seq, d.kind as kind, d.ref as ref, d.conversation_id as conversation_id,
              case when ${filter.sql} and ${seen.sql} then 1 else 0 end as fits
         from (${match.sql}) as f
         join search_document d on d.seq = f.seq and d.org = ?
         left join conversation c on c.org = d.org and c.id = d.conversation_id
        order by f.seq desc`,
      ...filter.params,
      ...seen.params,
      ...match.params,
      org,
    );
    for (const { fits, ...place } of found) {
      if (fits === 0) continue;
      if (places.length === input.limit) return { places, next: String(places.at(-1)?.seq) };
      places.push(place);
    }
    lookedAt += wanted;
    const last = found.at(-1);
    if (found.length < wanted || !last) return { places, next: null };
    if (lookedAt >= LOOKED_AT_MAX_COUNT) return { places, next: String(last.seq) };
    span = { ...span, below: last.seq };
  }
}

/** The index looks only where it was told to; whether somebody may see what it found is asked of the store all the same. */
function visible(actor: QueryContext['actor'], hidden: readonly string[]): { sql: string; params: Value[] } {
  const isKept = hidden.length === 0 ? '1 = 0' : `d.inbox_id in (${hidden.map(() => '?').join(', ')})`;
  return {
    sql: `case when d.inbox_id is not null then not (${isKept})
               when d.conversation_id is null then 1 = 1
               else exists (select 1 from participant p
                 where p.org = d.org and p.user_id = ? and p.conversation_id = d.conversation_id) end`,
    params: [...hidden, actor.kind === 'system' ? '' : actor.user_id],
  };
}

function spanOf({ before, after, cursor }: SearchInput): Span {
  if (cursor !== null && !/^\d{1,16}$/.test(cursor)) throw new Failure('cursor.malformed');
  const below = [before === null ? null : seqAt(before), cursor === null ? null : Number(cursor)];
  return {
    above: after === null ? -1 : seqAt(after) - 1,
    below: Math.min(Number.MAX_SAFE_INTEGER, ...below.filter((seq) => seq !== null)),
  };
}

async function scopeOf(
  { tx, org, actor }: QueryContext,
  { kinds, inbox_id }: SearchInput,
  conversation_ids: readonly string[] | null,
): Promise<Scope> {
  const own =
    actor.kind === 'system'
      ? []
      : await tx.all<{ id: string }>(
          `select conversation_id as id from participant where org = ? and user_id = ?
             order by conversation_id desc limit ${OWN_MAX_COUNT}`,
          org,
          actor.user_id,
        );
  return {
    org,
    kinds: kinds.length === 0 ? null : [...new Set(kinds)],
    inbox_id,
    hidden: await hiddenFrom(tx, org, actor),
    own: own.map(({ id }) => id),
    conversation_ids,
  };
}

/** Conversations that the filters leave; null where they leave too many to be named, or there are none. */
async function narrow({ tx, org }: QueryContext, input: SearchInput): Promise<readonly string[] | null> {
  const filter = conversationFilter(input);
  if (filter.isOpen) return null;
  const found = await tx.all<{ id: string }>(
    `select id from conversation c where c.org = ? and ${filter.sql} limit ?`,
    org,
    ...filter.params,
    NARROW_MAX_COUNT + 1,
  );
  return found.length > NARROW_MAX_COUNT ? null : found.map(({ id }) => id);
}

/** What changes in the life of a conversation, and is looked up where it stands. */
function conversationFilter({ status, assignee_id, label, contact_id }: SearchInput): {
  readonly sql: string;
  readonly params: Value[];
  readonly isOpen: boolean;
} {
  const parts: string[] = [];
  const params: Value[] = [];
  const add = (sql: string, ...values: Value[]) => {
    parts.push(sql);
    params.push(...values);
  };
  if (status !== null) add('c.status = ?', status);
  if (assignee_id === 'none') add("c.assignee_id is null and c.kind = 'contact'");
  else if (assignee_id !== null) add('c.assignee_id = ?', assignee_id);
  if (contact_id !== null) add('c.contact_id = ?', contact_id);
  if (label !== null)
    add(
      'c.id in (select conversation_id from conversation_label carried where carried.org = c.org and label = ?)',
      label,
    );
  return { sql: parts.length === 0 ? '1 = 1' : parts.join(' and '), params, isOpen: parts.length === 0 };
}
