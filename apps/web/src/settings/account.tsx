import { useMe } from '@roost/react';
import { useState } from 'react';
import { SetPasswordDialog } from '../session/set-password-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { ThemeChoice } from '../ui/theme-choice.tsx';
import { relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { browserOf } from './browser-of.ts';
import { roleWords } from './roles.ts';
import { RowItem, Rows, Section } from './section.tsx';
import { useFetched } from './use-fetched.ts';
import { useWrite } from './use-write.ts';

interface OwnSession {
  readonly id: string;
  readonly organisation: string;
  readonly last_used_at: string;
  readonly user_agent: string;
  readonly ip: string;
  readonly is_current: boolean;
}

export function AccountSettings() {
  const me = useMe();
  const [isSettingPassword, setSettingPassword] = useState(false);
  return (
    <>
      <Section>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 rounded-lg border border-line bg-surface p-3.5">
          <dt className="text-ink-3">Name</dt>
          <dd>{me?.name || '—'}</dd>
          <dt className="text-ink-3">E-mail</dt>
          <dd className="[overflow-wrap:anywhere]">{me?.email}</dd>
          <dt className="text-ink-3">Role</dt>
          <dd>{me && roleWords[me.role][0]}</dd>
        </dl>
      </Section>
      <Section title="Look">
        <div className="max-w-72">
          <ThemeChoice name="theme-of-account" />
        </div>
      </Section>
      <Section
        title="Password"
        text="A new one ends every other session of yours."
        action={<Button onClick={() => setSettingPassword(true)}>Set a password…</Button>}
      >
        {null}
      </Section>
      <Sessions />
      {isSettingPassword && <SetPasswordDialog onClose={() => setSettingPassword(false)} />}
    </>
  );
}

function Sessions() {
  const { value, problem, again } = useFetched<{ rows: OwnSession[] }>('/api/v1/me/sessions');
  const write = useWrite();
  const now = useNow(60_000);
  const others = value?.rows.filter(({ is_current }) => !is_current).length ?? 0;
  return (
    <Section
      title="Where you are signed in"
      action={
        others > 0 && (
          <Button
            onClick={() =>
              void write('DELETE', '/api/v1/me/sessions', undefined, 'Signed out everywhere else.').then(
                again,
              )
            }
          >
            Sign out everywhere else
          </Button>
        )
      }
    >
      {problem && <Notice tone="bad">{problem}</Notice>}
      {value && (
        <Rows>
          {value.rows.map((session) => (
            <RowItem key={session.id}>
              <span className="min-w-0 flex-1">
                <span className="block truncate">
                  {browserOf(session.user_agent)}
                  {session.is_current && (
                    <span className="ml-2 text-[0.8125rem] text-accent-ink">This one</span>
                  )}
                </span>
                <span className="block truncate text-[0.8125rem] text-ink-3">
                  {session.ip} · {relativeTime(Date.parse(session.last_used_at), now)} ·{' '}
                  {session.organisation}
                </span>
              </span>
              {!session.is_current && (
                <Button
                  onClick={() =>
                    void write(
                      'DELETE',
                      `/api/v1/me/sessions/${session.id}`,
                      undefined,
                      'Signed out there.',
                    ).then(again)
                  }
                >
                  Sign out
                </Button>
              )}
            </RowItem>
          ))}
        </Rows>
      )}
    </Section>
  );
}
