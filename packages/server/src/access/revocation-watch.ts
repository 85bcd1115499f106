import { type Clock, every } from '../clock.ts';
import type { Head } from '../domain/index.ts';
import type { Access } from './access.ts';

/** How often the heads are looked at. Hints only make it faster; without any, this is the delay. */
const LOOK_MS = 500;

interface Needs {
  readonly access: Pick<Access, 'forgetOrg' | 'keptOrgs'>;
  /** Heads of the organisations that exist. */
  heads(orgs: readonly string[]): Promise<readonly Head[]>;
  /** Whether this node follows the log anyway, and so hears of every revocation in it. */
  isFollowed(org: string): boolean;
  onTrouble(error: unknown): void;
}

/**
 * Sees to it that nobody is let in for long on what was true before, in organisations whose log this node does not
 * follow: who only sends requests, and reads nothing live. Once their log has moved, everybody of it is asked about
 * again: a query each, which costs less than reading what moved.
 */
export class RevocationWatch {
  private readonly stopLooking: () => void;
  /** Where the log stood when it was last looked at, as `<epoch>.<offset>`. */
  private seen = new Map<string, string>();

  constructor(
    private readonly needs: Needs,
    clock: Clock,
  ) {
    this.stopLooking = every(clock, LOOK_MS, () => this.look());
  }

  stop(): void {
    this.stopLooking();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { access, heads, isFollowed, onTrouble } = this.needs;
    const orgs = access.keptOrgs.filter((org) => !isFollowed(org));
    try {
      const found = orgs.length === 0 ? [] : await heads(orgs);
      const now = new Map(found.map(({ org, epoch, offset }) => [org, `${epoch}.${offset}`]));
      // An organisation seen for the first time counts as moved: what was kept of it is from before this look.
      for (const org of orgs)
        if (now.get(org) === undefined || now.get(org) !== this.seen.get(org)) access.forgetOrg(org);
      this.seen = now;
    } catch (error) {
      onTrouble(error);
    }
  }
}
