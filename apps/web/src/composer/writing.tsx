import { type ConversationRow, limits } from '@roost/protocol';
import { useTyping } from '@roost/react';
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { titleOf } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { Button } from '../ui/button.tsx';
import { SendIcon } from '../ui/icons.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useNow } from '../ui/use-now.ts';
import { AttachButton } from './attach-button.tsx';
import { AttachedFiles } from './attached-files.tsx';
import { CannedMenu } from './canned-menu.tsx';
import { KindChoice } from './kind-choice.tsx';
import { ReplyingTo } from './replying-to.tsx';
import { TemplateButton } from './template-button.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { useCannedField } from './use-canned-field.ts';
import { useWriting } from './use-writing.ts';

interface WritingProps {
  readonly row: ConversationRow;
  readonly replyTo: string | null;
  readonly onReplyTo: (messageId: string | null) => void;
}

/** A field that grows with what is written: Enter sends, Shift and Enter begin a new line, `/` brings canned replies. */
export function Writing({ row, replyTo, onReplyTo }: WritingProps) {
  const directory = useDirectory();
  const { draft, write, files, isUploading, uploadCount, send } = useWriting(row, replyTo, onReplyTo);
  const { type: sayTyping } = useTyping(row.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const now = useNow(15_000);
  const [isDropping, setDropping] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const isDirect = row.kind === 'direct';
  const isWhatsapp = directory.inboxOf(row.inbox_id)?.kind === 'whatsapp';
  const isShut =
    isWhatsapp && !draft.isNote && (row.reply_until === null || Date.parse(row.reply_until) <= now);
  const max = isWhatsapp && !draft.isNote ? limits.WHATSAPP_TEXT_MAX_CHARS : limits.TEXT_MAX_CHARS;
  const isTooLong = draft.text.length > max;
  const isEmpty = draft.text.trim() === '' && uploadCount === 0;
  const maySend = !isEmpty && !isTooLong && !isUploading && !isShut;
  const canned = useCannedField(row, draft.text, field, (text) => write({ text }));
  const title = titleOf(row, directory.myId, directory.nameOf);

  const begin = (isNote: boolean) => {
    write({ isNote });
    field.current?.focus();
  };
  useShortcuts({ r: () => begin(false), ...(isDirect ? {} : { n: () => begin(true) }) });
  useLayoutEffect(() => {
    if (replyTo !== null) field.current?.focus();
  }, [replyTo]);

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes a word, Enter ends the word.
    if (event.nativeEvent.isComposing || canned.press(event)) return;
    if (event.key === 'Escape') {
      if (replyTo !== null) onReplyTo(null);
      else field.current?.blur();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (maySend) send();
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    files.add(pasted);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    files.add([...event.dataTransfer.files]);
  };

  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (maySend) send();
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={drop}
        className={`shrink-0 border-line border-t px-3 pt-2 pb-3 sm:px-4 ${draft.isNote ? 'bg-warn-soft' : 'bg-surface'}`}
      >
        <div
          className={`mx-auto max-w-4xl rounded-xl border bg-surface focus-within:border-accent-ink ${isDropping ? 'border-accent-ink border-dashed' : 'border-line-strong'}`}
        >
          {replyTo !== null && !draft.isNote && (
            <ReplyingTo conversationId={row.id} messageId={replyTo} onCancel={() => onReplyTo(null)} />
          )}
          {canned.word !== null && (
            <CannedMenu
              id={canned.listId}
              replies={canned.replies}
              isAnyKnown={canned.isAnyKnown}
              active={canned.active}
              onChoose={canned.choose}
            />
          )}
          {isShut ? (
            <p className="px-3 py-2.5 text-[0.8125rem] text-ink-2">
              {row.reply_until === null
                ? `${title} has not written to this number yet. WhatsApp lets only a template through until they do;`
                : `${title} last wrote more than 24 hours ago. WhatsApp lets only a template through until they write again;`}{' '}
              a note to your colleagues is always possible.
            </p>
          ) : (
            <textarea
              ref={field}
              rows={1}
              value={draft.text}
              onChange={(event) => {
                write({ text: event.target.value });
                canned.moved();
                if (!draft.isNote) sayTyping();
              }}
              onSelect={canned.moved}
              onKeyDown={press}
              onPaste={paste}
              aria-label={draft.isNote ? 'Note for colleagues' : `Message to ${title}`}
              aria-controls={canned.word === null ? undefined : canned.listId}
              aria-activedescendant={canned.activeId}
              placeholder={draft.isNote ? 'A note that only colleagues see' : `Write to ${title}`}
              className="field-sizing-content block max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-3 py-2.5 text-[0.9375rem] leading-snug outline-none placeholder:text-ink-3"
            />
          )}
          <AttachedFiles files={files.files} onRemove={files.remove} />
          <div className="flex items-center gap-1 p-1.5">
            {!isDirect && <KindChoice isNote={draft.isNote} onChange={begin} />}
            <AttachButton onFiles={files.add} isDisabled={isShut} />
            {isWhatsapp && !draft.isNote && (
              <TemplateButton inboxId={row.inbox_id} onOpen={() => setChoosing(true)} isStrong={isShut} />
            )}
            <span className="ml-auto flex items-center gap-2">
              {(isTooLong || (isWhatsapp && !draft.isNote && draft.text !== '')) && (
                <span
                  className={`text-xs tabular-nums ${isTooLong ? 'font-medium text-bad-ink' : 'text-ink-3'}`}
                >
                  {draft.text.length} / {max}
                </span>
              )}
              {isUploading && <span className="text-ink-3 text-xs max-sm:sr-only">Uploading…</span>}
              <Button look="primary" type="submit" disabled={!maySend} title="Send (Enter)" className="px-3">
                <SendIcon /> {draft.isNote ? 'Add note' : 'Send'}
              </Button>
            </span>
          </div>
        </div>
      </form>
      {/* Beside the form, not in it: a form within a form is sent by the browser, and the page is left. */}
      {isChoosing && (
        <TemplateDialog inboxId={row.inbox_id} onSend={send} onClose={() => setChoosing(false)} />
      )}
    </>
  );
}
