import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Api } from './api.ts';
import type { Session, SessionState } from './session.ts';

export interface Signed {
  readonly session: Session;
  readonly api: Api;
}

export const SessionContext = createContext<Signed | null>(null);

export function useSession(): Session {
  return useSigned().session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.getSnapshot);
}

export function useApi(): Api {
  return useSigned().api;
}

function useSigned(): Signed {
  const signed = useContext(SessionContext);
  if (!signed) throw new Error('No session: render inside SessionContext.');
  return signed;
}
