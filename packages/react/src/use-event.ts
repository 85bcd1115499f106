import type { EventData, EventName } from '@roost/client';
import { useEffect, useRef } from 'react';
import { useRoost } from './provider.tsx';

/**
 * Calls `listener` for each event of this name while mounted: a sound, a notification. Always the listener of the last
 * render, which need not be memoised. Events come live over the socket and never by polling; to show what is true, use a list.
 */
export function useEvent<Name extends EventName>(
  event: Name,
  listener: (data: EventData<Name>) => void,
): void {
  const client = useRoost();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client.on(event, (data) => latest.current(data)), [client, event]);
}
