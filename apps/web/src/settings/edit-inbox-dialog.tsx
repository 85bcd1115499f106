import type { InboxRow } from '@roost/protocol';
import { useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { useApi } from '../session/session-context.tsx';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { keysIn } from './new-inbox.ts';
import { WhatsAppKeys } from './whatsapp-keys.tsx';

/** What it is called, who sees it, whether it keeps conversations, and the keys of a WhatsApp number. */
export function EditInboxDialog({ inbox, onClose }: { inbox: InboxRow; onClose: () => void }) {
  const api = useApi();
  const { members } = useDirectory();
  const [access, setAccess] = useState(inbox.access);
  const [hasNewKeys, setNewKeys] = useState(false);
  const save = (form: FormData) =>
    api.write('PATCH', `/api/v1/inboxes/${inbox.id}`, {
      name: String(form.get('name')),
      access,
      ...(access === 'members' ? { member_ids: form.getAll('member').map(String) } : {}),
      threads: form.get('threads') === 'on',
      ...(hasNewKeys ? { settings: keysIn(form) } : {}),
    });
  return (
    <FormDialog title={inbox.name} submit="Save" onSubmit={save} onClose={onClose}>
      <Field label="Name" name="name" defaultValue={inbox.name} required maxLength={200} />
      <SelectField
        label="Who sees it"
        value={access}
        onChange={(event) => setAccess(event.target.value as InboxRow['access'])}
        hint="Owners and admins see every inbox."
      >
        <option value="everyone">Everybody</option>
        <option value="members">Only its members</option>
      </SelectField>
      {access === 'members' && (
        <fieldset className="mb-4">
          <legend className="mb-1.5 font-medium text-[0.8125rem] text-ink-2">Members</legend>
          {members
            .filter(({ active }) => active)
            .map(({ id, name, email }) => (
              <label key={id} className="flex h-8 cursor-pointer items-center gap-2">
                <input
                  type="checkbox"
                  name="member"
                  value={id}
                  defaultChecked={inbox.member_ids.includes(id)}
                  className="size-4 accent-accent"
                />
                <span className="truncate">{name || email}</span>
              </label>
            ))}
        </fieldset>
      )}
      <label className="mb-4 flex cursor-pointer items-start gap-2">
        <input
          type="checkbox"
          name="threads"
          defaultChecked={inbox.threads}
          className="mt-0.5 size-4 accent-accent"
        />
        <span>
          Keep conversations
          <span className="block text-[0.8125rem] text-ink-3">
            Off, what arrives is only kept and listed under Mail.
          </span>
        </span>
      </label>
      {inbox.kind === 'whatsapp' && (
        <label className="mb-4 flex cursor-pointer items-start gap-2">
          <input
            type="checkbox"
            checked={hasNewKeys}
            onChange={(event) => setNewKeys(event.target.checked)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            Replace the keys
            <span className="block text-[0.8125rem] text-ink-3">
              All of them at once: enter those that stay, too. What waits to be sent goes out with the new
              ones.
            </span>
          </span>
        </label>
      )}
      {hasNewKeys && <WhatsAppKeys />}
    </FormDialog>
  );
}
