import type { RequestProblem } from './problem.ts';

/** Why signing in failed, and what helps. */
export function signInSentence(problem: RequestProblem): string {
  switch (problem.code) {
    case 'credentials.wrong':
      return 'This e-mail address and password do not belong together. Check both and try again.';
    case 'request.too_many':
      return `Too many attempts. Try again ${inWords(problem.retryAfterMs)}.`;
    case 'server.away':
      return 'Roost cannot be reached right now. Your details may well be right: try again in a moment.';
    default:
      return problem.message;
  }
}

/** Why a one-time link did not sign in. */
export function linkSentence(problem: RequestProblem): string {
  switch (problem.code) {
    case 'token.invalid':
    case 'credentials.wrong':
      return 'This sign-in link was used before or is too old. Sign in with your password, or ask for a new link.';
    default:
      return signInSentence(problem);
  }
}

function inWords(ms: number | null): string {
  if (ms === null) return 'in a few minutes';
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 90) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
