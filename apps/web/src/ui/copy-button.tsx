import { systemClock } from '@roost/client';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';

const THANKS_MS = 2_000;

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'refused'>('none');
  useEffect(() => {
    if (outcome === 'copied') return systemClock.after(THANKS_MS, () => setOutcome('none'));
  }, [outcome]);
  // Without https the browser offers no clipboard; the text stays there to be selected.
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    ) ?? setOutcome('refused');
  return (
    <Button look="plain" onClick={copy} className="h-7 px-2">
      {outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
      <span aria-live="polite">
        {{ none: label, copied: 'Copied', refused: 'Select and copy it' }[outcome]}
      </span>
    </Button>
  );
}
