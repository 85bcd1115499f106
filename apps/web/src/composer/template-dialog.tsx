import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { type ChosenTemplate, preview } from './template.ts';
import { useTemplates } from './use-templates.ts';

interface TemplateDialogProps {
  readonly inboxId: string | null;
  readonly onSend: (chosen: ChosenTemplate) => void;
  readonly onClose: () => void;
}

/** A message that WhatsApp has approved beforehand, with a field for each of its values. */
export function TemplateDialog({ inboxId, onSend, onClose }: TemplateDialogProps) {
  const { templates } = useTemplates(inboxId);
  const [chosen, setChosen] = useState(templates[0]?.id ?? '');
  const [values, setValues] = useState<Readonly<Record<string, readonly string[]>>>({});
  const template = templates.find(({ id }) => id === chosen);
  if (!template) return null;
  const given = values[chosen] ?? [];
  const parameters = Array.from({ length: template.parameter_count }, (_, at) => given[at] ?? '');
  const put = (at: number, value: string) =>
    setValues({ ...values, [chosen]: parameters.map((one, place) => (place === at ? value : one)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, language, header, body, footer } = template;
    const reads = [header, preview(body, parameters), footer].filter((part) => part !== '').join('\n');
    onSend({ template: { name, language, parameters }, reads });
    onClose();
  };
  return (
    <Dialog title="Send a template" onClose={onClose}>
      <form onSubmit={submit}>
        <SelectField label="Template" value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {templates.map(({ id, name, language }) => (
            <option key={id} value={id}>
              {name} ({language})
            </option>
          ))}
        </SelectField>
        {parameters.map((value, at) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: a value is known by its place
            key={at}
            label={`Value ${at + 1}`}
            value={value}
            onChange={(event) => put(at, event.target.value)}
            required
            maxLength={1024}
          />
        ))}
        <div className="mb-4 rounded-lg bg-accent-soft px-3 py-2">
          <div className="mb-0.5 text-ink-3 text-xs">How it reads</div>
          {template.header !== '' && <div className="font-medium">{template.header}</div>}
          <div className="whitespace-pre-wrap">{preview(template.body, parameters)}</div>
          {template.footer !== '' && <div className="text-ink-3 text-xs">{template.footer}</div>}
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
