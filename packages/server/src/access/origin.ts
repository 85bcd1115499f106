/** Decides which pages may act in somebody's name. */
export class OriginRule {
  private readonly allowed: ReadonlySet<string>;

  /** @param allowed  exact origins besides the server's own */
  constructor(allowed: readonly string[]) {
    this.allowed = new Set(allowed);
  }

  /**
   * @param origin  the Origin header; left out by everything that is not a browser, which has no cookies or
   *   pages that could be misused
   * @param host  the Host header, or what a trusted proxy says it was
   */
  permits(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    if (this.allowed.has(origin)) return true;
    return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
  }

  /** Whether a page from elsewhere may read answers (CORS); for the server's own pages the question never comes up. */
  isAllowedElsewhere(origin: string): boolean {
    return this.allowed.has(origin);
  }
}
