import type { CannedReplyRow } from '@roost/protocol';
import { useCannedReplies } from '@roost/react';
import { useId, useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Nothing, RowItem, Rows, Section } from './section.tsx';
import { useWrite } from './use-write.ts';

/** Answers that are written once and sent often. */
export function CannedRepliesSettings() {
  const { rows } = useCannedReplies();
  const write = useWrite();
  const [edited, setEdited] = useState<CannedReplyRow | 'new' | null>(null);
  const sorted = [...rows].sort((a, b) => a.shortcut.localeCompare(b.shortcut));
  return (
    <Section
      text="Type / and the shortcut while you write an answer."
      action={
        <Button look="primary" onClick={() => setEdited('new')}>
          <PlusIcon /> Add
        </Button>
      }
    >
      {sorted.length === 0 ? (
        <Nothing>There are no canned replies yet.</Nothing>
      ) : (
        <Rows>
          {sorted.map((reply) => (
            <RowItem key={reply.id}>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">
                  /{reply.shortcut} <span className="font-normal text-ink-2">{reply.title}</span>
                </span>
                <span className="line-clamp-2 text-[0.8125rem] text-ink-3">{reply.text}</span>
              </span>
              <Button onClick={() => setEdited(reply)}>Change</Button>
              <Button
                look="quiet"
                onClick={() =>
                  void write('DELETE', `/api/v1/canned-replies/${reply.id}`, undefined, 'Removed.')
                }
              >
                Remove
              </Button>
            </RowItem>
          ))}
        </Rows>
      )}
      {edited !== null && (
        <ReplyDialog reply={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Section>
  );
}

function ReplyDialog({ reply, onClose }: { reply: CannedReplyRow | null; onClose: () => void }) {
  const api = useApi();
  const id = useId();
  const save = (form: FormData) => {
    const body = Object.fromEntries(
      ['shortcut', 'title', 'text'].map((name) => [name, String(form.get(name))]),
    );
    return reply
      ? api.write('PATCH', `/api/v1/canned-replies/${reply.id}`, body)
      : api.write('POST', '/api/v1/canned-replies', body);
  };
  return (
    <FormDialog
      title={reply ? 'Change the canned reply' : 'New canned reply'}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
    >
      <Field
        label="Shortcut"
        hint="One word, typed after the slash."
        name="shortcut"
        defaultValue={reply?.shortcut}
        required
        maxLength={40}
        autoComplete="off"
      />
      <Field
        label="Title"
        name="title"
        defaultValue={reply?.title}
        required
        maxLength={200}
        autoComplete="off"
      />
      <div className="mb-4">
        <label htmlFor={id} className="mb-1.5 block font-medium text-[0.8125rem] text-ink-2">
          Text
        </label>
        <textarea
          id={id}
          name="text"
          defaultValue={reply?.text}
          required
          rows={5}
          maxLength={20_000}
          aria-describedby={`${id}-hint`}
          className="w-full rounded-md border border-line-strong bg-surface px-3 py-2"
        />
        <p id={`${id}-hint`} className="mt-1 text-[0.8125rem] text-ink-3">
          {'{{contact.name}}, {{agent.name}} and {{conversation.subject}} are filled in.'}
        </p>
      </div>
    </FormDialog>
  );
}
