import { Toaster, toast } from 'sonner';
import { useTheme } from './theme.ts';

const SHOWN_MS = 5_000;
const PROBLEM_SHOWN_MS = 12_000;

/** Where passing notes appear. They are read out, and never take the focus. */
export function Toasts() {
  return (
    <Toaster
      theme={useTheme()}
      position="bottom-right"
      toastOptions={{ className: 'font-sans', duration: SHOWN_MS }}
      closeButton
    />
  );
}

/** @param undo  takes back what the sentence says */
export function tell(sentence: string, undo?: () => void): void {
  toast(sentence, undo ? { action: { label: 'Undo', onClick: undo } } : {});
}

export function tellProblem(sentence: string): void {
  toast.error(sentence, { duration: PROBLEM_SHOWN_MS });
}
