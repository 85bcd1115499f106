import type { ConversationRow, MessageRow } from '@roost/protocol';
import { memo } from 'react';
import type { Directory } from '../conversations/use-directory.ts';
import { authorOf } from '../message/author.ts';
import { Avatar } from '../ui/avatar.tsx';
import { NoteIcon, ReplyIcon } from '../ui/icons.tsx';
import { absoluteTime, timeOfDay } from '../ui/time.ts';
import { Answered } from './answered.tsx';
import { MailBody } from './mail-body.tsx';
import { MessageText } from './message-text.tsx';
import { Parts } from './parts.tsx';
import { Ticks } from './ticks.tsx';
import { isUndecided, Undecided } from './undecided.tsx';

interface MessageItemProps {
  readonly row: MessageRow;
  readonly goesOn: boolean;
  readonly conversation: ConversationRow;
  readonly directory: Directory;
  /** The message this one answers, where it is loaded. */
  readonly answered: MessageRow | undefined;
  readonly onShow: (messageId: string) => void;
  readonly onReply: ((messageId: string) => void) | null;
}

/** Something that was said: the contact's on the left, ours on the right, notes in their own colour. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { row, goesOn, conversation, directory, answered, onShow, onReply } = props;
  const side = sideOf(row, conversation, directory.myId);
  const author = nameOfAuthor(row, conversation, directory);
  const isOwn = row.author_id !== null && row.author_id === directory.myId;
  const at = Date.parse(row.received_at);
  const isMail = row.via === 'mail' && row.kind === 'inbound';
  return (
    <li
      id={`message-${row.id}`}
      data-kind={row.kind}
      className={`group/message flex gap-2 ${goesOn ? 'mt-0.5' : 'mt-3'} ${side === 'right' ? 'flex-row-reverse' : ''}`}
    >
      {side === 'left' && (
        <span className="w-6 shrink-0 pt-5">{!goesOn && <Avatar name={author} size="sm" />}</span>
      )}
      <div
        className={`flex min-w-0 flex-col ${side === 'right' ? 'items-end' : 'items-start'} ${isMail ? 'w-full max-w-[46rem]' : 'max-w-[min(85%,38rem)]'}`}
      >
        {!goesOn && (
          <div className="mb-0.5 flex items-center gap-1.5 px-1 text-ink-3 text-xs">
            {row.kind === 'note' && <NoteIcon />}
            <span className={row.kind === 'note' ? 'text-warn-ink' : ''}>
              {row.kind === 'note' ? (isOwn ? 'Your note' : `Note by ${author}`) : isOwn ? 'You' : author}
            </span>
          </div>
        )}
        <div
          className={`relative flow-root max-w-full rounded-2xl px-3 py-2 ${isMail ? 'w-full' : ''} ${looks[lookOf(row, side)]} ${corner(side, goesOn)}`}
        >
          {row.reply_to !== null && <Answered row={answered} directory={directory} onShow={onShow} />}
          {isMail ? (
            <MailBody row={row} subject={conversation.subject} />
          ) : (
            <MessageText text={row.text ?? row.snippet} />
          )}
          {!isMail && <Parts message={row} />}
          <span
            className={`${isMail ? 'absolute right-3 bottom-2.5' : 'float-right mt-1.5 -mr-0.5 ml-3'} inline-flex items-center gap-1.5 text-[0.6875rem] text-ink-3 leading-none`}
          >
            <time dateTime={row.received_at} title={absoluteTime(at)}>
              {timeOfDay(at)}
            </time>
            {row.kind === 'outbound' && row.status !== null && conversation.kind === 'contact' && (
              <Ticks status={row.status} />
            )}
          </span>
          <Reactions row={row} />
        </div>
        {isUndecided(row) && <Undecided row={row} />}
      </div>
      {onReply && row.kind !== 'note' && row.via === 'whatsapp' && (
        <button
          type="button"
          onClick={() => onReply(row.id)}
          aria-label="Answer this message"
          title="Answer this message"
          className="self-center rounded-full p-1.5 text-ink-3 opacity-0 hover:bg-hover hover:text-ink focus-visible:opacity-100 group-hover/message:opacity-100 max-md:opacity-60"
        >
          <ReplyIcon />
        </button>
      )}
    </li>
  );
});

const looks = {
  theirs: 'border border-line bg-surface',
  ours: 'bg-accent-soft',
  note: 'border border-warn-ink/25 border-dashed bg-warn-soft',
} as const;

function lookOf(row: MessageRow, side: 'left' | 'right'): keyof typeof looks {
  if (row.kind === 'note') return 'note';
  return side === 'right' ? 'ours' : 'theirs';
}

/** Contacts on the left, the team on the right; among colleagues only what I say is on the right. */
function sideOf(row: MessageRow, { kind }: ConversationRow, myId: string): 'left' | 'right' {
  if (kind === 'direct') return row.author_id === myId ? 'right' : 'left';
  return row.kind === 'inbound' ? 'left' : 'right';
}

function corner(side: 'left' | 'right', goesOn: boolean): string {
  if (goesOn) return side === 'right' ? 'rounded-r-md' : 'rounded-l-md';
  return side === 'right' ? 'rounded-tr-md' : 'rounded-tl-md';
}

function nameOfAuthor(row: MessageRow, { contact }: ConversationRow, { nameOf }: Directory): string {
  if (row.author_id !== null) return nameOf(row.author_id);
  if (row.kind !== 'inbound') return 'Sent by API';
  return contact?.name || authorOf(row.from).name || contact?.address || 'Contact';
}

function Reactions({ row }: { row: MessageRow }) {
  if (row.reactions.length === 0) return null;
  return (
    <ul aria-label="Reactions" className="absolute -bottom-3 left-2 flex gap-1">
      {row.reactions.map(({ emoji, from }) => (
        <li
          key={`${from} ${emoji}`}
          title={from}
          className="rounded-full border border-line bg-raised px-1.5 text-sm leading-5"
        >
          {emoji}
        </li>
      ))}
    </ul>
  );
}
