import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly submit: string;
  /** What it throws is shown, and the dialog stays. */
  readonly onSubmit: (form: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Stays open after it has worked: there is something to see. */
  readonly staysOpen?: boolean;
}

/** A few fields and what to do with them. */
export function FormDialog({
  title,
  submit,
  onSubmit,
  onClose,
  children,
  staysOpen = false,
}: FormDialogProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit(new FormData(event.currentTarget));
      if (!staysOpen) onClose();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={send}>
        <div className="max-h-[60dvh] overflow-y-auto px-0.5">{children}</div>
        <div className="mb-4 empty:hidden">{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={isBusy}>
            {isBusy ? 'A moment…' : submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
