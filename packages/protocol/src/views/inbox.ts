import { addressMatches, parseAddressFilter } from '../filter.ts';
import type { InboxParams } from '../outline.ts';
import { audienceOf, drawn, type View, type Viewer } from './view.ts';

/**
 * All mail that came to an organisation, or to the addresses a filter names; newest arrival first.
 *
 * @throws filter.invalid
 */
export function inboxView(params: InboxParams, viewer: Viewer): View<'message'> {
  const filter = parseAddressFilter(params.filter ?? '');
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn('inbox', viewer, params),
    kind: 'message',
    audience: audienceOf(viewer),
    includes: ({ via, kind, inbox_id, to, mail }) =>
      via === 'mail' &&
      mail?.decision !== 'QUARANTINE' &&
      kind === 'inbound' &&
      !hidden.has(inbox_id as string) &&
      (filter === null || to.some((address) => addressMatches(filter, address))),
  };
}
