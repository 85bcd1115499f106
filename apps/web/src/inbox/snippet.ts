/** What the snippet says beyond the subject. Much machine mail begins by saying its subject again. */
export function snippetBeside(subject: string, snippet: string): string {
  const said = subject.trim().toLowerCase();
  if (said === '' || !snippet.toLowerCase().startsWith(said)) return snippet;
  const rest = snippet.slice(subject.trim().length);
  // Not in the middle of a word: “Re” does not begin “Report”.
  return /^[\p{L}\p{N}]/u.test(rest) ? snippet : rest.replace(/^[\s.,:;!?–—-]+/, '');
}
