const HERE = 'http://roost.invalid';

/**
 * Where to go after signing in: a path of this site, or the inbox. What a browser would take for another site
 * (`//host`, `/\host`, `https:…`) is found out by the browser's own reading of it.
 */
export function wayBack(to: string | undefined): string {
  if (!to?.startsWith('/') || !URL.canParse(to, HERE)) return '/';
  const { origin, pathname, search } = new URL(to, HERE);
  if (origin !== HERE || pathname.startsWith('//') || pathname === '/sign-in') return '/';
  return pathname + search;
}
