import { Dialog } from './dialog.tsx';

type Keys = readonly (readonly [readonly string[], string])[];

const SECTIONS: readonly (readonly [string, Keys])[] = [
  [
    'Lists',
    [
      [['j', '↓'], 'Next'],
      [['k', '↑'], 'Previous'],
      [['Enter'], 'Open'],
      [['x'], 'Select'],
      [['Shift x'], 'Select up to here'],
      [['Esc'], 'Clear the selection'],
    ],
  ],
  [
    'Conversation',
    [
      [['r'], 'Write an answer'],
      [['n'], 'Write a note'],
      [['a'], 'Assign'],
      [['i'], 'Assign to me'],
      [['e'], 'Close, or open again'],
      [['s'], 'Snooze'],
      [['l'], 'Label'],
      [['y'], 'Archive'],
      [['U'], 'Mark unread'],
      [['p'], 'Show or hide the contact'],
      [['u'], 'Back to the list'],
    ],
  ],
  [
    'Writing',
    [
      [['Enter'], 'Send'],
      [['Shift Enter'], 'New line'],
      [['/'], 'Canned replies'],
    ],
  ],
  [
    'Everywhere',
    [
      [['/'], 'Search; in the mail, filter by address'],
      [['?'], 'This overview'],
    ],
  ],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div tabIndex={0} className="grid max-h-[70dvh] gap-5 overflow-y-auto pr-1 outline-offset-2">
        {SECTIONS.map(([title, keys]) => (
          <section key={title}>
            <h3 className="mb-2 font-medium text-ink-3 text-xs">{title}</h3>
            <dl className="grid gap-2">
              {keys.map(([names, what]) => (
                <div key={what} className="flex items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd className="flex gap-1.5">
                    {names.map((name) => (
                      <kbd
                        key={name}
                        className="min-w-6 whitespace-nowrap rounded border border-line bg-hover px-1.5 py-0.5 text-center font-sans text-xs"
                      >
                        {name}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
