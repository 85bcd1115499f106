import type { Role } from '@roost/protocol';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { roleWords } from './roles.ts';
import { RowItem, Rows, Section } from './section.tsx';
import { useFetched } from './use-fetched.ts';
import { useWrite } from './use-write.ts';

interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
}

/** Links that nobody has used yet. */
export function Invitations() {
  const { value, problem, again } = useFetched<{ rows: Invitation[] }>('/api/v1/invitations');
  const write = useWrite();
  const now = useNow(60_000);
  if (problem) return <Notice tone="bad">{problem}</Notice>;
  if (!value || value.rows.length === 0) return null;
  return (
    <Section title="Open invitations">
      <Rows>
        {value.rows.map(({ id, email, role, created_at }) => (
          <RowItem key={id}>
            <span className="min-w-0 flex-1">
              <span className="block truncate">{email}</span>
              <span className="block text-[0.8125rem] text-ink-3">
                {roleWords[role][0]}, {relativeTime(Date.parse(created_at), now)}
              </span>
            </span>
            <Button
              onClick={() =>
                void write(
                  'DELETE',
                  `/api/v1/invitations/${id}`,
                  undefined,
                  'The link no longer works.',
                ).then(again)
              }
            >
              Take back
            </Button>
          </RowItem>
        ))}
      </Rows>
    </Section>
  );
}
