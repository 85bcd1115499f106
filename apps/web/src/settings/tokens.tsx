import { useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { FormDialog } from './form-dialog.tsx';
import { Nothing, RowItem, Rows, Section } from './section.tsx';
import { useFetched } from './use-fetched.ts';
import { useWrite } from './use-write.ts';

interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly last_used_at: string | null;
}

const scopes = [
  ['read', 'Read lists, conversations and messages'],
  ['write', 'Do what agents do: send, assign, close'],
  ['ingest', 'Bring messages in'],
  ['admin', 'Members, inboxes and settings'],
] as const;

/** Tokens for programs that act in my name. */
export function TokensSettings() {
  const { value, problem, again } = useFetched<{ rows: ApiToken[] }>('/api/v1/me/tokens');
  const write = useWrite();
  const now = useNow(60_000);
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      text={
        <>
          For programs that act in your name. What they can do is written in the{' '}
          <a
            href="/api/v1/docs"
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent-ink underline underline-offset-2"
          >
            API documents
          </a>
          .
        </>
      }
      action={
        <Button look="primary" onClick={() => setMaking(true)}>
          <PlusIcon /> Make a token
        </Button>
      }
    >
      {problem && <Notice tone="bad">{problem}</Notice>}
      {value?.rows.length === 0 && <Nothing>You have no API tokens.</Nothing>}
      {value && value.rows.length > 0 && (
        <Rows>
          {value.rows.map(({ id, name, scopes, created_at, last_used_at }) => (
            <RowItem key={id}>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block text-[0.8125rem] text-ink-3">
                  {scopes.join(', ')} · made {relativeTime(Date.parse(created_at), now)} ·{' '}
                  {last_used_at ? `used ${relativeTime(Date.parse(last_used_at), now)}` : 'never used'}
                </span>
              </span>
              <Button
                onClick={() =>
                  void write(
                    'DELETE',
                    `/api/v1/me/tokens/${id}`,
                    undefined,
                    'The token no longer works.',
                  ).then(again)
                }
              >
                Revoke
              </Button>
            </RowItem>
          ))}
        </Rows>
      )}
      {isMaking && (
        <MakeToken
          onClose={() => {
            setMaking(false);
            again();
          }}
        />
      )}
    </Section>
  );
}

function MakeToken({ onClose }: { onClose: () => void }) {
  const api = useApi();
  const [made, setMade] = useState<string | null>(null);
  if (made !== null)
    return (
      <Dialog title="Your token" onClose={onClose}>
        <p className="mb-3">Keep it now: it is not shown again.</p>
        <div className="mb-4 flex items-center gap-2 rounded-md bg-hover p-2">
          <code className="min-w-0 flex-1 select-all font-mono text-xs [overflow-wrap:anywhere]">{made}</code>
          <CopyButton text={made} />
        </div>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  const make = async (form: FormData) => {
    const chosen = form.getAll('scope').map(String);
    if (chosen.length === 0) throw new Error('Choose at least one thing that it may do.');
    const { token } = await api.write<{ token: string }>('POST', '/api/v1/me/tokens', {
      name: String(form.get('name')),
      scopes: chosen,
    });
    setMade(token);
  };
  return (
    <FormDialog title="Make an API token" submit="Make it" onSubmit={make} onClose={onClose} staysOpen>
      <Field label="Name" hint="What it is for." name="name" required maxLength={200} autoComplete="off" />
      <fieldset className="mb-4">
        <legend className="mb-1.5 font-medium text-[0.8125rem] text-ink-2">
          What it may do, and never more than you may
        </legend>
        {scopes.map(([scope, words]) => (
          <label key={scope} className="flex min-h-8 cursor-pointer items-center gap-2">
            <input type="checkbox" name="scope" value={scope} className="size-4 accent-accent" />
            <span>
              {words} <code className="text-ink-3 text-xs">{scope}</code>
            </span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}
