import { drawn, type View } from './view.ts';

/** What a person knows of themselves: name, role, how far they have read. */
export function meView(userId: string): View<'me'> {
  return {
    ...drawn('me', { user_id: userId }),
    kind: 'me',
    audience: '',
    only: userId,
    includes: (row) => row.id === userId,
  };
}
