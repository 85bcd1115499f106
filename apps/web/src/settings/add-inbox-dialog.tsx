import type { InboxKind } from '@roost/protocol';
import { useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { newInbox } from './new-inbox.ts';
import { WhatsAppKeys } from './whatsapp-keys.tsx';

export function AddInboxDialog({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const [kind, setKind] = useState<InboxKind>('mail');
  return (
    <FormDialog
      title="Add an inbox"
      submit="Add"
      onSubmit={(form) => api.write('POST', '/api/v1/inboxes', newInbox(kind, form))}
      onClose={onClose}
    >
      <SelectField label="Kind" value={kind} onChange={(event) => setKind(event.target.value as InboxKind)}>
        <option value="mail">Mail</option>
        <option value="whatsapp">WhatsApp</option>
        <option value="api">API, for your own application</option>
      </SelectField>
      <Field
        label="Name"
        hint="What colleagues call it, such as Support."
        name="name"
        required
        maxLength={200}
      />
      {kind === 'mail' && (
        <Field
          label="Mail address"
          hint="Such as support@example.org. Mail for it reaches this server by SMTP."
          name="address"
          type="email"
          required
          maxLength={320}
        />
      )}
      {kind === 'whatsapp' && (
        <>
          <Field
            label="Phone number id"
            hint="The id that the Cloud API gives your number, in digits."
            name="address"
            inputMode="numeric"
            required
            maxLength={64}
          />
          <Field
            label="Phone number"
            hint="That people write to, such as +49 30 123456."
            name="phone"
            maxLength={32}
          />
          <WhatsAppKeys />
        </>
      )}
    </FormDialog>
  );
}
