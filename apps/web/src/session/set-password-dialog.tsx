import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { RequestProblem } from './problem.ts';
import { useApi } from './session-context.tsx';

const MIN_CHARS = 10;

/** Sets the first password of who came by a link, or changes the one there is. */
export function SetPasswordDialog({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const [problem, setProblem] = useState<string | null>(null);
  const [stage, setStage] = useState<'asking' | 'saving' | 'done'>('asking');

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [current, password] = [String(form.get('current')), String(form.get('password'))];
    if (password !== String(form.get('again'))) return setProblem('The two new passwords differ.');
    setStage('saving');
    setProblem(null);
    try {
      await api.post('/api/v1/me/password', { password, ...(current ? { current_password: current } : {}) });
      setStage('done');
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      setProblem(error.code === 'credentials.wrong' ? 'The current password is not right.' : error.message);
      setStage('asking');
    }
  };

  return (
    <Dialog title="Set a password" onClose={onClose}>
      {stage === 'done' ? (
        <>
          <p className="mb-4">
            Your password is set. Use it with your e-mail address the next time you sign in.
          </p>
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <form onSubmit={submit}>
          <Field
            label="Current password"
            hint="Leave empty if you have none yet, or came by a sign-in link."
            name="current"
            type="password"
            autoComplete="current-password"
          />
          <Field
            label="New password"
            hint={`At least ${MIN_CHARS} characters.`}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={MIN_CHARS}
            maxLength={1024}
            required
          />
          <Field
            label="New password again"
            name="again"
            type="password"
            autoComplete="new-password"
            required
          />
          <div className="mb-4 empty:hidden">{problem && <Notice tone="bad">{problem}</Notice>}</div>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" disabled={stage === 'saving'}>
              {stage === 'saving' ? 'Saving…' : 'Set password'}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
