import { type FormEvent, useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { Nothing, RowItem, Rows, Section } from './section.tsx';
import { useWrite } from './use-write.ts';

const FIRST_COLOR = '#4f6fd8';

/** Labels that are offered: a name and a colour. */
export function LabelsSettings() {
  const { labels } = useDirectory();
  const write = useWrite();
  const [name, setName] = useState('');
  const [color, setColor] = useState(FIRST_COLOR);
  const put = (of: string, its: string) =>
    write('PUT', `/api/v1/labels/${encodeURIComponent(of)}`, { color: its });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (await put(name.trim(), color)) setName('');
  };
  return (
    <>
      <Section text="What conversations are about. Whoever answers can put them on and take them off.">
        <form onSubmit={add} className="flex flex-wrap gap-2">
          <input
            type="color"
            aria-label="Colour of the new label"
            value={color}
            onChange={(event) => setColor(event.target.value)}
            className="h-9 w-11 rounded-md border border-line-strong bg-surface p-1"
          />
          <input
            aria-label="Name of the new label"
            placeholder="New label"
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={50}
            className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-3"
          />
          <Button look="primary" type="submit" className="h-9" disabled={name.trim() === ''}>
            Add
          </Button>
        </form>
      </Section>
      {labels.length === 0 ? (
        <Nothing>There are no labels yet. Add one above, such as “Billing”.</Nothing>
      ) : (
        <Rows>
          {labels.map((label) => (
            <RowItem key={label.id}>
              <input
                type="color"
                aria-label={`Colour of ${label.name}`}
                value={label.color}
                onChange={(event) => void put(label.name, event.target.value)}
                className="h-8 w-10 rounded-md border border-line bg-surface p-1"
              />
              <span className="min-w-0 flex-1 truncate">{label.name}</span>
              <Button
                look="quiet"
                onClick={() =>
                  void write(
                    'DELETE',
                    `/api/v1/labels/${encodeURIComponent(label.id)}`,
                    undefined,
                    `“${label.name}” is no longer offered; conversations that carry it keep it.`,
                  )
                }
              >
                Remove
              </Button>
            </RowItem>
          ))}
        </Rows>
      )}
    </>
  );
}
