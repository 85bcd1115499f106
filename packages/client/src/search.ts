import type { ConversationStatus, FoundKind, SearchHit } from '@roost/protocol';
import type { Client } from './client.ts';
import { ClientError, lost } from './client-error.ts';
import { Cell, type Store } from './store.ts';

/** Where to look. What is left out is not asked. */
export interface SearchParams {
  readonly inbox?: string | undefined;
  /** Of the conversation. */
  readonly status?: ConversationStatus | undefined;
  /** A user id, or `none`. */
  readonly assignee?: string | undefined;
  readonly label?: string | undefined;
  readonly contact?: string | undefined;
  readonly kind?: readonly FoundKind[] | undefined;
  /** ISO 8601; `before` itself is not included. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  /** `next` of the page above. */
  readonly cursor?: string | undefined;
  /** 1 to 50. */
  readonly limit?: number | undefined;
}

export interface SearchState {
  /** What was asked last; empty when nothing is. */
  readonly query: string;
  /** What the last answer brought: of an earlier question while this one is on its way. */
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  readonly isSearching: boolean;
  readonly error: ClientError | null;
}

/** A search field: asks as often as somebody types, and shows the answer to the newest question only. */
export interface Search extends Store<SearchState> {
  /** Empty text, or only spaces, clears it. */
  ask(query: string, params?: Omit<SearchParams, 'cursor'>): void;
  /** Brings the next hits below; nothing while something is on its way, and at the end. */
  fetchMore(): void;
}

const NOTHING: SearchState = { query: '', hits: [], hasMore: false, isSearching: false, error: null };

export function createSearch(client: Pick<Client, 'search'>): Search {
  const cell = new Cell<SearchState>(NOTHING, (error) => console.error(error));
  let params: SearchParams = {};
  let next: string | null = null;
  let newest = 0;

  async function bring(query: string, above: readonly SearchHit[], cursor?: string): Promise<void> {
    newest += 1;
    const own = newest;
    cell.set({ ...cell.getSnapshot(), query, isSearching: true, error: null });
    const answer = await client.search(query, { ...params, cursor }).catch(asError);
    if (own !== newest) return;
    if (answer instanceof ClientError) {
      // What was found above stays, and can be asked to go on.
      cell.set({ query, hits: above, hasMore: next !== null, isSearching: false, error: answer });
      return;
    }
    next = answer.next;
    const found = [...above, ...answer.rows];
    cell.set({ query, hits: found, hasMore: next !== null, isSearching: false, error: null });
  }

  return {
    subscribe: cell.subscribe,
    getSnapshot: cell.getSnapshot,
    ask(query, where = {}) {
      params = where;
      next = null;
      if (query.trim() !== '') {
        void bring(query, []);
        return;
      }
      newest += 1;
      cell.set(NOTHING);
    },
    fetchMore() {
      const { query, hits, isSearching } = cell.getSnapshot();
      if (next !== null && !isSearching) void bring(query, hits, next);
    },
  };
}

/** Below `/api/v1`. */
export function searchPath(query: string, params: SearchParams = {}): string {
  const said = Object.entries({ q: query, ...params }).filter(([, value]) => value !== undefined);
  // A list of kinds is written with commas, which is how arrays become text.
  return `/search?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}

function asError(error: unknown): ClientError {
  return error instanceof ClientError ? error : lost('The search could not be made.', error);
}
