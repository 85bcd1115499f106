import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useDirectory } from './use-directory.ts';

/** With whom: two people have one conversation, several may have many. */
export function NewDirectDialog({ onClose }: { onClose: () => void }) {
  const { members, myId } = useDirectory();
  const api = useApi();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const colleagues = members.filter(({ id, active }) => active && id !== myId);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const subject = String(new FormData(event.currentTarget).get('subject') ?? '').trim();
    try {
      const body = { user_ids: chosen, ...(chosen.length > 1 ? { subject } : {}) };
      const { conversation_id } = await api.write<{ conversation_id: string }>(
        'POST',
        '/api/v1/direct',
        body,
      );
      onClose();
      await navigate({ to: '/direct/$id', params: { id: conversation_id } });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Dialog title="Write to colleagues" onClose={onClose}>
      <form onSubmit={submit}>
        {colleagues.length === 0 ? (
          <p className="mb-4 text-ink-2">
            There is nobody else yet. Invite colleagues under Settings, Members.
          </p>
        ) : (
          <fieldset className="mb-4 max-h-64 overflow-y-auto">
            <legend className="mb-1.5 font-medium text-[0.8125rem] text-ink-2">With</legend>
            {colleagues.map(({ id, name, email }) => (
              <label
                key={id}
                className="flex h-10 cursor-pointer items-center gap-2.5 rounded-md px-2 hover:bg-hover"
              >
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={() =>
                    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
                  }
                  className="size-4 accent-accent"
                />
                <Avatar name={name || email} size="sm" />
                <span className="truncate">{name || email}</span>
              </label>
            ))}
          </fieldset>
        )}
        {chosen.length > 1 && <Field label="What it is about" name="subject" maxLength={200} required />}
        <div className="mb-4 empty:hidden">{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={chosen.length === 0}>
            Begin
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
