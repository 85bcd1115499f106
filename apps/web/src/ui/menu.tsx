import * as Dropdown from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';
import { CheckIcon } from './icons.tsx';

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly label: string;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** A menu below its button: arrow keys, first letters, Escape, as menus are used. */
export function Menu({ trigger, label, children, align = 'end', isOpen, onOpenChange }: MenuProps) {
  return (
    <Dropdown.Root
      modal={false}
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <Dropdown.Trigger asChild>{trigger}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-40 max-h-[min(24rem,var(--radix-dropdown-menu-content-available-height))] min-w-48 max-w-[20rem] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink shadow-xl"
        >
          {children}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}

interface ItemProps {
  readonly onSelect: () => void;
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly isBad?: boolean;
  readonly isDisabled?: boolean;
}

const ITEM =
  'flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2.5 py-1 text-[0.8125rem] outline-none data-[disabled]:cursor-default data-highlighted:bg-hover data-[disabled]:opacity-55';

export function MenuItem({ onSelect, children, hint, isBad = false, isDisabled = false }: ItemProps) {
  return (
    <Dropdown.Item
      disabled={isDisabled}
      onSelect={onSelect}
      className={`${ITEM} ${isBad ? 'text-bad-ink' : ''}`}
    >
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint !== undefined && <span className="text-ink-3 text-xs">{hint}</span>}
    </Dropdown.Item>
  );
}

/** An item that is on or off. A choice of several keeps the menu open. */
export function MenuCheck({
  isOn,
  onToggle,
  children,
  staysOpen = false,
}: {
  isOn: boolean;
  onToggle: () => void;
  children: ReactNode;
  staysOpen?: boolean;
}) {
  return (
    <Dropdown.CheckboxItem
      checked={isOn}
      onCheckedChange={onToggle}
      onSelect={(event) => {
        if (staysOpen) event.preventDefault();
      }}
      className={ITEM}
    >
      <span className="flex min-w-0 flex-1 items-center gap-2 truncate">{children}</span>
      {isOn && <CheckIcon />}
    </Dropdown.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Dropdown.Label className="px-2.5 pt-1.5 pb-1 text-ink-3 text-xs">{children}</Dropdown.Label>;
}

export function MenuDivider() {
  return <Dropdown.Separator className="my-1 h-px bg-line" />;
}
