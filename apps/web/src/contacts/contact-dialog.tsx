import type { ContactRow } from '@roost/protocol';
import { type FormEvent, useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { CloseIcon, PlusIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { type FieldRow, fieldsOf, listOf } from './contact-fields.ts';

interface ContactDialogProps {
  /** Null for a new one. */
  readonly contact: ContactRow | null;
  readonly onClose: () => void;
  readonly onSaved?: (contact: ContactRow) => void;
}

/** What is known of a contact, to be changed. */
export function ContactDialog({ contact, onClose, onSaved }: ContactDialogProps) {
  const api = useApi();
  const [fields, setFields] = useState<readonly FieldRow[]>(() =>
    Object.entries(contact?.fields ?? {}).map(([name, value], key) => ({ key, name, value })),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      name: String(form.get('name')).trim(),
      emails: listOf(String(form.get('emails'))),
      phones: listOf(String(form.get('phones'))),
      fields: fieldsOf(fields),
    };
    setSaving(true);
    setProblem(null);
    try {
      const saved = contact
        ? await api.write<ContactRow>('PATCH', `/api/v1/contacts/${contact.id}`, body)
        : await api.write<ContactRow>('POST', '/api/v1/contacts', body);
      onSaved?.(saved);
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
      setSaving(false);
    }
  };
  const put = (key: number, change: Partial<FieldRow>) =>
    setFields(fields.map((field) => (field.key === key ? { ...field, ...change } : field)));
  return (
    <Dialog title={contact ? 'Edit the contact' : 'New contact'} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label="Name" name="name" defaultValue={contact?.name} maxLength={200} autoComplete="off" />
        <Field
          label="E-mail addresses"
          hint="With commas between them."
          name="emails"
          defaultValue={contact?.emails.join(', ')}
          autoComplete="off"
        />
        <Field
          label="Phone numbers"
          hint="With the country, such as +49 30 123456; with commas between them."
          name="phones"
          defaultValue={contact?.phones.join(', ')}
          autoComplete="off"
        />
        <fieldset className="mb-4">
          <legend className="mb-1.5 font-medium text-[0.8125rem] text-ink-2">Your own fields</legend>
          {fields.map(({ key, name, value }) => (
            <div key={key} className="mb-1.5 flex gap-1.5">
              <input
                aria-label="Name of the field"
                placeholder="Name"
                value={name}
                maxLength={60}
                onChange={(event) => put(key, { name: event.target.value })}
                className="h-9 w-1/3 rounded-md border border-line-strong bg-surface px-2.5"
              />
              <input
                aria-label={`Value of ${name || 'the field'}`}
                placeholder="Value"
                value={value}
                maxLength={2000}
                onChange={(event) => put(key, { value: event.target.value })}
                className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5"
              />
              <Button
                look="quiet"
                className="h-9 px-2"
                aria-label={`Remove ${name || 'the field'}`}
                onClick={() => setFields(fields.filter((field) => field.key !== key))}
              >
                <CloseIcon />
              </Button>
            </div>
          ))}
          <Button
            look="quiet"
            className="-ml-2 px-2"
            onClick={() =>
              setFields([
                ...fields,
                { key: Math.max(0, ...fields.map(({ key }) => key)) + 1, name: '', value: '' },
              ])
            }
          >
            <PlusIcon /> Add a field
          </Button>
        </fieldset>
        <div className="mb-4 empty:hidden">{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={isSaving}>
            {isSaving ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
