import type { DeliveryStatus } from '@roost/protocol';
import type { ReactNode } from 'react';
import { ClockIcon, DeliveredIcon, SentIcon, WarningIcon } from '../ui/icons.tsx';

const marks: Record<DeliveryStatus, readonly [ReactNode, string, string]> = {
  queued: [<ClockIcon key="queued" />, 'Waits to be sent', 'text-ink-3'],
  unknown: [<WarningIcon key="unknown" />, 'Nobody knows whether it was sent', 'text-warn-ink'],
  sent: [<SentIcon key="sent" />, 'Sent', 'text-ink-3'],
  delivered: [<DeliveredIcon key="delivered" />, 'Delivered', 'text-ink-3'],
  read: [<DeliveredIcon key="read" />, 'Read', 'text-accent-ink'],
  failed: [<WarningIcon key="failed" />, 'Not sent', 'text-bad-ink'],
};

/** How far a message has got, as a mark with its words. */
export function Ticks({ status }: { status: DeliveryStatus }) {
  const [mark, words, color] = marks[status];
  return (
    <span title={words} className={`inline-flex items-center ${color}`} data-status={status}>
      {mark}
      <span className="sr-only">{words}</span>
    </span>
  );
}
