/**
 * The token of a one-time link, `/sign-in#link=<token>`. It stands in the fragment so that it never reaches a
 * server's or a proxy's log.
 */
export function linkTokenIn(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('link');
  return token === null || token === '' ? null : token;
}

/** Takes it out of the address bar and the history, so that a screenshot or a reload does not carry it on. */
export function takeLinkToken(page: Pick<Window, 'location' | 'history'>): string | null {
  const token = linkTokenIn(page.location.hash);
  if (token !== null)
    page.history.replaceState(page.history.state, '', page.location.pathname + page.location.search);
  return token;
}
