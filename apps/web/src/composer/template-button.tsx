import { Button } from '../ui/button.tsx';
import { useTemplates } from './use-templates.ts';

interface TemplateButtonProps {
  readonly inboxId: string | null;
  readonly onOpen: () => void;
  /** Templates are all that can be sent now. */
  readonly isStrong: boolean;
}

/** Offered where the inbox has templates that may be sent. */
export function TemplateButton({ inboxId, onOpen, isStrong }: TemplateButtonProps) {
  const { templates, isLoading } = useTemplates(inboxId);
  if (templates.length > 0)
    return (
      <Button look={isStrong ? 'primary' : 'quiet'} className="px-2" onClick={onOpen}>
        Template…
      </Button>
    );
  if (!isStrong || isLoading) return null;
  return (
    <span className="px-2 text-ink-3 text-xs">
      No approved template is known here. Admins fetch them under Settings, Inboxes.
    </span>
  );
}
