import { listQuery, messageRow } from '@roost/protocol/schema';
import { queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import type { Route } from './route.ts';

/** All mail, or that of the addresses a filter names; the polling form of the channel `inbox`. */
export function inboxRoutes({ lists }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/inbox',
      tag: 'Mail',
      summary: 'List mail, newest first',
      description: '`filter` names addresses: whole ones, local parts, or patterns with `*`.',
      may: queries.readView.may,
      filters: { filter: listQuery.shape.filter },
      row: messageRow,
      errors: ['filter.invalid'],
      shown: ({ query: { filter } }) => ({
        channel: 'inbox',
        params: filter === undefined ? {} : { filter },
      }),
    }),
  ];
}
