import { useMe } from '@roost/react';
import { useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { givenBy, roleWords } from './roles.ts';

/** Makes a link that somebody joins by; it is shown this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const role = useMe()?.role ?? 'viewer';
  const { inboxes } = useDirectory();
  const [made, setMade] = useState<{ link: string; email: string } | null>(null);
  const restricted = inboxes.filter(({ access }) => access === 'members');
  const invite = async (form: FormData) => {
    const email = String(form.get('email')).trim();
    const { path } = await api.write<{ path: string }>('POST', '/api/v1/invitations', {
      email,
      name: String(form.get('name')).trim(),
      role: String(form.get('role')),
      inbox_ids: form.getAll('inbox').map(String),
    });
    setMade({ link: `${location.origin}${path}`, email });
  };
  if (made)
    return (
      <Dialog title="The invitation is ready" onClose={onClose}>
        <p className="mb-3">
          Send this link to <strong>{made.email}</strong>. It works once, for fourteen days, and is not shown
          again.
        </p>
        <div className="mb-4 flex items-center gap-2 rounded-md bg-hover p-2">
          <code
            className="min-w-0 flex-1 select-all font-mono text-xs [overflow-wrap:anywhere]"
            data-invitation
          >
            {made.link}
          </code>
          <CopyButton text={made.link} />
        </div>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  return (
    <FormDialog title="Invite somebody" submit="Make a link" onSubmit={invite} onClose={onClose} staysOpen>
      <Field label="E-mail" name="email" type="email" required maxLength={320} autoComplete="off" />
      <Field label="Name" hint="They can choose another." name="name" maxLength={200} autoComplete="off" />
      <SelectField label="Role" name="role" defaultValue="agent">
        {givenBy(role).map((one) => (
          <option key={one} value={one}>
            {roleWords[one][0]}: {roleWords[one][1]}
          </option>
        ))}
      </SelectField>
      {restricted.length > 0 && (
        <fieldset className="mb-4">
          <legend className="mb-1.5 font-medium text-[0.8125rem] text-ink-2">
            Also in these inboxes, which only their members see
          </legend>
          {restricted.map(({ id, name }) => (
            <label key={id} className="flex h-8 cursor-pointer items-center gap-2">
              <input type="checkbox" name="inbox" value={id} className="size-4 accent-accent" />
              {name}
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
