import type { ConversationRow } from '@roost/protocol';
import { useMe } from '@roost/react';
import { useContext } from 'react';
import { AsOf } from '../connection/as-of.tsx';
import { LabelChip } from '../conversations/label-chip.tsx';
import { placeWords } from '../conversations/places.ts';
import { SelectionContext } from '../conversations/selection-context.ts';
import { useChange } from '../conversations/use-change.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { BackIcon, ClockIcon, PanelIcon } from '../ui/icons.tsx';
import { clockTime, untilInWords } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { ConversationActions } from './conversation-actions.tsx';
import { OthersHere } from './others-here.tsx';
import type { PanelChoice } from './use-panel-choice.ts';

interface HeaderProps {
  readonly row: ConversationRow;
  readonly title: string;
  readonly onBack: () => void;
  /** Null where there is no contact to tell of. */
  readonly panel: PanelChoice | null;
}

/** Who it is with, in what state it is, and what can be done with it. */
export function ConversationHeader({ row, title, onBack, panel }: HeaderProps) {
  const { inboxOf } = useDirectory();
  const role = useMe()?.role;
  const isSelecting = useContext(SelectionContext);
  const inbox = inboxOf(row.inbox_id);
  const mayAct = row.kind === 'contact' && role !== undefined && role !== 'viewer';
  const details = [row.contact?.name ? row.contact.address : null, inbox?.name ?? null].filter(Boolean);
  return (
    <header className="@container shrink-0 border-line border-b bg-surface">
      <div className="flex min-h-14 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 sm:flex-nowrap sm:gap-x-2.5 sm:px-4">
        <Button look="quiet" onClick={onBack} className="-ml-1 px-2 md:hidden" aria-label="Back to the list">
          <BackIcon />
        </Button>
        <span className="max-sm:hidden">
          <Avatar name={title} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="flex items-center gap-2 font-semibold leading-tight">
            <span className="truncate">{title}</span>
            <AsOf />
          </h2>
          <p className="truncate text-[0.8125rem] text-ink-3">
            {row.kind === 'direct' ? 'Among colleagues' : details.join(' · ')}
          </p>
        </div>
        <OthersHere conversationId={row.id} />
        {mayAct && <ConversationActions row={row} isListening={!isSelecting} />}
        {panel && (
          <Button
            look="quiet"
            className="px-2"
            onClick={panel.toggle}
            aria-pressed={panel.isOpen}
            aria-label="What is known of the contact"
            title="Contact (p)"
          >
            <PanelIcon />
          </Button>
        )}
      </div>
      {row.kind === 'contact' && <Facts row={row} />}
    </header>
  );
}

/** Subject, state, labels, and how long free text may still be sent. Nothing where all of it is as usual. */
function Facts({ row }: { row: ConversationRow }) {
  const { labelOf, inboxOf } = useDirectory();
  const now = useNow(30_000);
  const changer = useChange();
  const role = useMe()?.role;
  const isWhatsapp = inboxOf(row.inbox_id)?.kind === 'whatsapp';
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pb-2 text-[0.8125rem] text-ink-2 empty:hidden sm:px-4">
      {row.status !== 'open' && <StatusWords row={row} now={now} />}
      {row.subject !== '' && <span className="truncate font-medium text-ink">{row.subject}</span>}
      {row.labels.map((label) => (
        <LabelChip
          key={label}
          name={labelOf(label)?.name ?? label}
          color={labelOf(label)?.color}
          onRemove={role === 'viewer' ? null : () => void changer.change([row], { remove_labels: [label] })}
        />
      ))}
      {isWhatsapp && <ReplyWindow until={row.reply_until} now={now} />}
    </div>
  );
}

function StatusWords({ row, now }: { row: ConversationRow; now: number }) {
  const until = row.status === 'snoozed' && row.snoozed_until ? Date.parse(row.snoozed_until) : null;
  return (
    <span className="rounded bg-hover px-1.5 py-0.5 font-medium text-xs">
      {placeWords[row.status]}
      {until !== null && ` until ${clockTime(until, now)}`}
    </span>
  );
}

/** WhatsApp takes free text for 24 hours after the contact last wrote. */
function ReplyWindow({ until, now }: { until: string | null; now: number }) {
  const at = until === null ? null : Date.parse(until);
  const isOpen = at !== null && at > now;
  return (
    <span
      className={`flex items-center gap-1 text-xs ${isOpen ? 'text-ink-3' : 'text-warn-ink'}`}
      title={at === null ? undefined : `Until ${clockTime(at, now)}`}
    >
      <ClockIcon />
      {isOpen
        ? `Free text until ${clockTime(at, now)} (${untilInWords(at, now)})`
        : 'Only templates can be sent now'}
    </span>
  );
}
