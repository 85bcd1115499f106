import type { InboxRow, LabelRow, MemberRow } from '@roost/protocol';
import { useList, useMe } from '@roost/react';
import { useMemo } from 'react';

/** As many as a page may have: names are needed all at once. */
const ALL = { limit: 200 };

/** Who and what conversations speak of: colleagues, inboxes, labels, by id. */
export interface Directory {
  readonly myId: string;
  readonly members: readonly MemberRow[];
  readonly inboxes: readonly InboxRow[];
  readonly labels: readonly LabelRow[];
  /** A member's name, or address, or `Somebody` for who is unknown. */
  nameOf(userId: string): string;
  inboxOf(id: string | null): InboxRow | undefined;
  labelOf(id: string): LabelRow | undefined;
}

export function useDirectory(): Directory {
  const myId = useMe()?.id ?? '';
  const members = useList('members', ALL).rows;
  const inboxes = useList('inboxes', ALL).rows;
  const labels = useList('labels', ALL).rows;
  return useMemo(() => {
    const names = new Map(members.map(({ id, name, email }) => [id, name || email]));
    return {
      myId,
      members,
      inboxes,
      labels,
      nameOf: (id) => names.get(id) ?? 'Somebody',
      inboxOf: (id) => inboxes.find((inbox) => inbox.id === id),
      labelOf: (id) => labels.find((label) => label.id === id),
    };
  }, [myId, members, inboxes, labels]);
}
