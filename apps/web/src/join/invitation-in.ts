/** The secret of an invitation, `/join#invitation=<secret>`; in the fragment it never reaches a server's log. */
export function invitationIn(hash: string): string | null {
  const secret = new URLSearchParams(hash.replace(/^#/, '')).get('invitation');
  return secret === null || secret === '' || secret.length > 200 ? null : secret;
}
