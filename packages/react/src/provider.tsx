import type { Client } from '@roost/client';
import { createContext, type ReactNode, useContext } from 'react';

const ClientContext = createContext<Client | null>(null);

/** Hands a client to the hooks below it. Starting and stopping the client stays with whoever made it. */
export function RoostProvider({
  client,
  children,
}: {
  readonly client: Client;
  readonly children?: ReactNode;
}) {
  // The long form: React 18 knows no other.
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** @throws Error  outside of a provider */
export function useRoost(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('Roost hooks need a <RoostProvider client={…}> above them.');
  return client;
}
