import type { ConversationRow } from '@roost/protocol';
import { useState } from 'react';
import { useChange } from '../conversations/use-change.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { PersonIcon } from '../ui/icons.tsx';
import { Menu, MenuCheck, MenuDivider } from '../ui/menu.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';

interface AssignMenuProps {
  readonly rows: readonly ConversationRow[];
  /** Only the picture, where there is no room for words. */
  readonly isCompact?: boolean;
}

/** Whose it is: me, a colleague, or nobody. */
export function AssignMenu({ rows, isCompact = false }: AssignMenuProps) {
  const { myId, members, nameOf } = useDirectory();
  const changer = useChange();
  const [isOpen, setOpen] = useState(false);
  const assignees = new Set(rows.map(({ assignee_id }) => assignee_id));
  const only = assignees.size === 1 ? [...assignees][0] : undefined;
  const assign = (userId: string | null) =>
    void changer.assign(rows, userId, userId === null ? 'Unassigned.' : `Assigned to ${nameOf(userId)}.`);
  useShortcuts({ a: () => setOpen(true), i: () => assign(myId) });
  const others = members.filter(({ id, active, role }) => active && id !== myId && role !== 'viewer');
  const words = only ? (only === myId ? 'Me' : nameOf(only)) : 'Assign';
  return (
    <Menu
      label="Assign to"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button
          look={isCompact ? 'quiet' : 'plain'}
          className="max-w-44 px-2"
          title="Assign (a), to me (i)"
          aria-label={only ? `Assigned to ${words}. Assign to somebody else` : 'Assign'}
        >
          {only && !isCompact ? <Avatar name={nameOf(only)} size="sm" /> : <PersonIcon />}
          {!isCompact && <span className="@max-2xl:sr-only truncate">{words}</span>}
        </Button>
      }
    >
      <MenuCheck isOn={only === myId} onToggle={() => assign(myId)}>
        <Avatar name={nameOf(myId)} size="sm" /> Me
      </MenuCheck>
      <MenuCheck isOn={only === null} onToggle={() => assign(null)}>
        <span className="grid size-6 place-items-center text-ink-3">
          <PersonIcon />
        </span>
        Nobody
      </MenuCheck>
      {others.length > 0 && <MenuDivider />}
      {others.map(({ id, name, email }) => (
        <MenuCheck key={id} isOn={only === id} onToggle={() => assign(id)}>
          <Avatar name={name || email} size="sm" /> <span className="truncate">{name || email}</span>
        </MenuCheck>
      ))}
    </Menu>
  );
}
