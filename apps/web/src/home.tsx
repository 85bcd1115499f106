import { useConnection, useInboxes } from '@roost/react';
import { Navigate } from '@tanstack/react-router';

/** The first page: conversations where an inbox keeps some; the list of the mail where none does. */
export function Home() {
  const { rows, isLoading, error } = useInboxes();
  const { state } = useConnection();
  const isAway = state === 'offline' || state === 'waiting' || state === 'stopped';
  if (isLoading && error === null && !isAway) return <title>Roost</title>;
  return rows.some(({ threads }) => threads) ? (
    <Navigate to="/conversations" replace />
  ) : (
    <Navigate to="/mail" replace />
  );
}
