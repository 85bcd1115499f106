import type { ConversationRow } from '@roost/protocol';
import { AssignMenu } from '../conversation/assign-menu.tsx';
import { LabelMenu } from '../conversation/label-menu.tsx';
import { SnoozeMenu } from '../conversation/snooze-menu.tsx';
import { Button } from '../ui/button.tsx';
import { ArchiveIcon, CheckIcon, CloseIcon, MoreIcon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useChange } from './use-change.ts';

/** What can be done with all that are picked, at once. */
export function BulkBar({ rows, onDone }: { rows: readonly ConversationRow[]; onDone: () => void }) {
  const changer = useChange();
  const done = (act: Promise<unknown>) => void act.then(onDone);
  const areClosed = rows.every(({ status }) => status === 'closed');
  const close = () => done(changer.status(rows, areClosed ? 'open' : 'closed'));
  const archive = () => done(changer.status(rows, 'archived'));
  useShortcuts({ Escape: onDone, e: close, y: archive });
  return (
    <div
      role="toolbar"
      aria-label="Selected conversations"
      className="flex items-center gap-0.5 border-line border-b bg-accent-soft px-2 py-1.5"
    >
      <Button
        look="quiet"
        className="px-2"
        onClick={onDone}
        aria-label="Clear the selection"
        title="Clear the selection (Esc)"
      >
        <CloseIcon />
      </Button>
      <span role="status" className="mr-auto truncate text-[0.8125rem] tabular-nums">
        {rows.length} selected
      </span>
      <Button
        look="quiet"
        className="px-2"
        onClick={close}
        aria-label={areClosed ? 'Reopen' : 'Close'}
        title={areClosed ? 'Open again (e)' : 'Close (e)'}
      >
        <CheckIcon />
      </Button>
      <AssignMenu rows={rows} isCompact />
      <SnoozeMenu rows={rows} isCompact />
      <LabelMenu rows={rows} isCompact />
      <Menu
        label="More for the selection"
        trigger={
          <Button look="quiet" className="px-2" aria-label="More actions">
            <MoreIcon />
          </Button>
        }
      >
        <MenuItem onSelect={archive} hint="y">
          <span className="flex items-center gap-2">
            <ArchiveIcon /> Archive
          </span>
        </MenuItem>
        <MenuItem onSelect={() => done(changer.status(rows, 'pending'))}>Set to pending</MenuItem>
        <MenuItem onSelect={() => done(changer.markRead(rows))}>Mark read</MenuItem>
        <MenuItem onSelect={() => done(changer.markUnread(rows))}>Mark unread</MenuItem>
      </Menu>
    </div>
  );
}
