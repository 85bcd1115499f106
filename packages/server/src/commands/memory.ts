/** Organisations remembered; the one not used for longest goes first. */
const MEMORY_MAX_ORGS = 1_000;
/** Things remembered of one organisation; past this all are read again. */
const MEMORY_MAX_THINGS = 10_000;

/** Where an organisation's log stands. */
interface Place {
  readonly epoch: string;
  readonly offset: number;
}

type Things = Map<string, Promise<unknown>>;

/**
 * What groups of commands have read with `once`. It holds entities whose changes the log carries, so it is still
 * true for the next group as long as the log stands where we left it; once another node has extended it, all is
 * forgotten.
 */
export class OrgMemories {
  private readonly byOrg = new Map<string, { readonly at: Place; readonly things: Things }>();

  /** A copy of what is known of an organisation whose log stands at `at`. */
  recall(org: string, at: Place): Things {
    const known = this.byOrg.get(org);
    return known && known.at.epoch === at.epoch && known.at.offset === at.offset
      ? new Map(known.things)
      : new Map();
  }

  /** To be called once the group that ended at `at` has committed. */
  keep(org: string, at: Place, things: Things): void {
    this.byOrg.delete(org);
    if (things.size > MEMORY_MAX_THINGS) return;
    this.byOrg.set(org, { at, things });
    const oldest = this.byOrg.keys().next();
    if (this.byOrg.size > MEMORY_MAX_ORGS && !oldest.done) this.byOrg.delete(oldest.value);
  }
}
