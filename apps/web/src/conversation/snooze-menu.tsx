import { systemClock } from '@roost/client';
import type { ConversationRow } from '@roost/protocol';
import { type FormEvent, useState } from 'react';
import { asLocalInput, localTime, snoozeChoices } from '../conversations/snooze.ts';
import { useChange } from '../conversations/use-change.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { ClockIcon } from '../ui/icons.tsx';
import { Menu, MenuDivider, MenuItem } from '../ui/menu.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { clockTime } from '../ui/time.ts';

/** Puts conversations off: they come back by themselves, or when the contact writes. */
export function SnoozeMenu({
  rows,
  isCompact = false,
}: {
  rows: readonly ConversationRow[];
  isCompact?: boolean;
}) {
  const changer = useChange();
  const [isOpen, setOpen] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  useShortcuts({ s: () => setOpen(true) });
  const now = systemClock.now();
  const snooze = (at: number) => void changer.snooze(rows, at, clockTime(at, systemClock.now()));
  return (
    <>
      <Menu
        label="Snooze until"
        isOpen={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button look="quiet" className="px-2" title="Snooze (s)" aria-label="Snooze">
            <ClockIcon />
            {!isCompact && <span className="@max-4xl:sr-only">Snooze</span>}
          </Button>
        }
      >
        {snoozeChoices(now).map(({ label, at }) => (
          <MenuItem key={label} onSelect={() => snooze(at)} hint={clockTime(at, now)}>
            {label}
          </MenuItem>
        ))}
        <MenuDivider />
        <MenuItem onSelect={() => setChoosing(true)}>Choose a time…</MenuItem>
      </Menu>
      {isChoosing && <ChooseTime onChoose={snooze} onClose={() => setChoosing(false)} />}
    </>
  );
}

function ChooseTime({ onChoose, onClose }: { onChoose: (at: number) => void; onClose: () => void }) {
  const [now] = useState(() => systemClock.now());
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const at = localTime(String(new FormData(event.currentTarget).get('at')));
    if (at === null) return;
    onChoose(at);
    onClose();
  };
  return (
    <Dialog title="Snooze until" onClose={onClose}>
      <form onSubmit={submit}>
        <Field
          label="Day and time"
          hint="It is open again then, or as soon as the contact writes."
          name="at"
          type="datetime-local"
          min={asLocalInput(now + 60_000)}
          defaultValue={asLocalInput(now + 86_400_000)}
          required
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Snooze
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
