import { useList } from '@roost/react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isLooking } from '../conversation/use-is-looking.ts';
import { titleOf } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { arrivals, type Known, known } from './arrivals.ts';
import { useNotifySettings } from './settings.ts';
import { playSound } from './sound.ts';

/** A burst is told as one. */
const TOLD_ONE_BY_ONE_MAX = 3;

/** Tells of what arrives while nobody looks at the page, as far as this device was allowed to. */
export function Notifier() {
  const { rows, isLoading } = useList('unread', { limit: 200 });
  const { myId, nameOf } = useDirectory();
  const { showsNotifications, playsSound } = useNotifySettings();
  const navigate = useNavigate();
  const before = useRef<{ known: Known | null; since: number }>({ known: null, since: 0 });

  useEffect(() => {
    if (isLoading) return;
    const arrived = arrivals(before.current.known, rows, before.current.since);
    const since = Math.max(before.current.since, ...rows.map(({ inbound_offset }) => inbound_offset));
    before.current = { known: known(rows), since };
    if (arrived.length === 0 || isLooking()) return;
    if (playsSound) playSound();
    if (!showsNotifications || globalThis.Notification?.permission !== 'granted') return;
    if (arrived.length > TOLD_ONE_BY_ONE_MAX) {
      new Notification('Roost', { body: `${arrived.length} conversations have new messages.` });
      return;
    }
    for (const row of arrived) {
      const told = new Notification(titleOf(row, myId, nameOf), {
        body: row.last_message?.snippet ?? '',
        tag: row.id,
      });
      told.onclick = () => {
        window.focus();
        const params = { id: row.id };
        if (row.kind === 'direct') void navigate({ to: '/direct/$id', params });
        else void navigate({ to: '/conversations/$id', params, search: {} });
      };
    }
  }, [rows, isLoading, playsSound, showsNotifications, myId, nameOf, navigate]);
  return null;
}
