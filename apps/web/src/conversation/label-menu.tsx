import type { ConversationRow } from '@roost/protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Dot } from '../conversations/label-chip.tsx';
import { useChange } from '../conversations/use-change.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { TagIcon } from '../ui/icons.tsx';
import { Menu, MenuCheck, MenuLabel } from '../ui/menu.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';

/** Labels put on and taken off; the menu stays open for the next. */
export function LabelMenu({
  rows,
  isCompact = false,
}: {
  rows: readonly ConversationRow[];
  isCompact?: boolean;
}) {
  const { labels } = useDirectory();
  const changer = useChange();
  const [isOpen, setOpen] = useState(false);
  useShortcuts({ l: () => setOpen(true) });
  return (
    <Menu
      label="Labels"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button look="quiet" className="px-2" title="Label (l)" aria-label="Label">
          <TagIcon />
          {!isCompact && <span className="@max-4xl:sr-only">Label</span>}
        </Button>
      }
    >
      {labels.length === 0 ? (
        <MenuLabel>
          There are no labels yet. <br />
          Make some under{' '}
          <Link
            to="/settings/$page"
            params={{ page: 'labels' }}
            className="text-accent-ink underline underline-offset-2"
          >
            Settings, Labels
          </Link>
          .
        </MenuLabel>
      ) : (
        labels.map(({ id, name, color }) => {
          const isOn = rows.every((row) => row.labels.includes(id));
          const change = isOn ? { remove_labels: [id] } : { add_labels: [id] };
          return (
            <MenuCheck key={id} staysOpen isOn={isOn} onToggle={() => void changer.change(rows, change)}>
              <Dot color={color} /> <span className="truncate">{name}</span>
            </MenuCheck>
          );
        })
      )}
    </Menu>
  );
}
