import type { TemplateRow } from '@roost/protocol';
import { useList } from '@roost/react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { usable } from './template.ts';
import { TemplateDialog } from './template-dialog.tsx';

interface TemplateButtonProps {
  readonly inboxId: string | null;
  readonly onSend: (template: { name: string; language: string; parameters: string[] }) => void;
  /** Templates are all that can be sent now. */
  readonly isStrong: boolean;
}

/** Offered where the inbox has templates that may be sent. */
export function TemplateButton({ inboxId, onSend, isStrong }: TemplateButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const { rows } = useList('templates', { limit: 200 });
  const templates = usable(rows as readonly TemplateRow[], inboxId);
  if (templates.length === 0) return null;
  return (
    <>
      <Button look={isStrong ? 'primary' : 'quiet'} className="px-2" onClick={() => setOpen(true)}>
        Template…
      </Button>
      {isOpen && <TemplateDialog templates={templates} onSend={onSend} onClose={() => setOpen(false)} />}
    </>
  );
}
