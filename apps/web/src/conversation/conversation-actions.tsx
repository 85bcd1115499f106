import type { ConversationRow } from '@roost/protocol';
import { useChange } from '../conversations/use-change.ts';
import { Button } from '../ui/button.tsx';
import { ArchiveIcon, CheckIcon, MoreIcon } from '../ui/icons.tsx';
import { Menu, MenuDivider, MenuItem } from '../ui/menu.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { AssignMenu } from './assign-menu.tsx';
import { LabelMenu } from './label-menu.tsx';
import { SnoozeMenu } from './snooze-menu.tsx';

/** What agents do with a conversation, each with its key; the keys are the selection's while something is picked. */
export function ConversationActions({ row, isListening }: { row: ConversationRow; isListening: boolean }) {
  const changer = useChange();
  const rows = [row];
  const isResolved = row.status === 'closed' || row.status === 'archived';
  const close = () => void changer.status(rows, isResolved ? 'open' : 'closed');
  return (
    <>
      {isListening && <Keys row={row} onClose={close} />}
      <span className="flex items-center gap-0.5 empty:hidden max-sm:order-last max-sm:w-full">
        {isListening && (
          <>
            <AssignMenu rows={rows} />
            <SnoozeMenu rows={rows} />
            <LabelMenu rows={rows} />
          </>
        )}
      </span>
      <Button
        onClick={close}
        className="px-2.5"
        title={isResolved ? 'Open again (e)' : 'Close (e)'}
        aria-label={isResolved ? 'Reopen' : 'Close'}
      >
        <CheckIcon /> <span className="@max-2xl:sr-only">{isResolved ? 'Reopen' : 'Close'}</span>
      </Button>
      <More row={row} />
    </>
  );
}

function More({ row }: { row: ConversationRow }) {
  const changer = useChange();
  const rows = [row];
  return (
    <Menu
      label="More"
      trigger={
        <Button look="quiet" className="px-2" aria-label="More actions">
          <MoreIcon />
        </Button>
      }
    >
      {row.status !== 'open' && (
        <MenuItem onSelect={() => void changer.status(rows, 'open')}>Set to open</MenuItem>
      )}
      {row.status !== 'pending' && (
        <MenuItem onSelect={() => void changer.status(rows, 'pending')}>Set to pending</MenuItem>
      )}
      {row.status !== 'archived' && (
        <MenuItem onSelect={() => void changer.status(rows, 'archived')} hint="y">
          <span className="flex items-center gap-2">
            <ArchiveIcon /> Archive
          </span>
        </MenuItem>
      )}
      <MenuDivider />
      <MenuItem onSelect={() => void changer.markUnread(rows)} hint="U">
        Mark unread
      </MenuItem>
    </Menu>
  );
}

function Keys({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const changer = useChange();
  useShortcuts({
    e: onClose,
    y: () => void changer.status([row], 'archived'),
    U: () => void changer.markUnread([row]),
  });
  return null;
}
