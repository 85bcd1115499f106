/** To the contact, or to colleagues only. */
export function KindChoice({ isNote, onChange }: { isNote: boolean; onChange: (isNote: boolean) => void }) {
  return (
    <fieldset className="flex rounded-md border border-line p-0.5">
      <legend className="sr-only">What to write</legend>
      {(['Reply', 'Note'] as const).map((word) => {
        const isOn = (word === 'Note') === isNote;
        return (
          <label
            key={word}
            title={word === 'Note' ? 'Only colleagues see it (n)' : 'To the contact (r)'}
            className={`cursor-pointer rounded px-2 py-0.5 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-accent-ink ${isOn ? (isNote ? 'bg-warn-soft font-medium text-warn-ink' : 'bg-accent-soft font-medium text-accent-ink') : 'text-ink-2'}`}
          >
            <input
              type="radio"
              name="kind"
              checked={isOn}
              onChange={() => onChange(word === 'Note')}
              className="sr-only"
            />
            {word}
          </label>
        );
      })}
    </fieldset>
  );
}
