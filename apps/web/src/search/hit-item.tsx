import type { SearchHit } from '@roost/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { nameOfContact } from '../contacts/contact-name.ts';
import { placeWords } from '../conversations/places.ts';
import { titleOf } from '../conversations/preview.ts';
import { useDirectory } from '../conversations/use-directory.ts';
import { authorOf } from '../message/author.ts';
import { Avatar } from '../ui/avatar.tsx';
import { absoluteTime, relativeTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';
import { highlighted } from './highlighted.ts';

const LINK = 'flex gap-3 rounded-lg px-3 py-2.5 hover:bg-hover';

/** Something that was found, as a link to where it stands. */
export function HitItem({ hit }: { hit: SearchHit }) {
  const { myId, nameOf, inboxOf } = useDirectory();
  const now = useNow(60_000);
  const { contact, conversation, message } = hit;
  const title = contact
    ? nameOfContact(contact)
    : conversation
      ? titleOf(conversation, myId, nameOf)
      : message
        ? authorOf(message.from).name
        : 'Found';
  const who = message?.author_id ? nameOf(message.author_id) : null;
  const facts = [
    {
      contact: 'Contact',
      conversation: 'Subject',
      message: who ? `Message by ${who}` : 'Message',
      note: `Note by ${who ?? 'somebody'}`,
    }[hit.kind],
    inboxOf(conversation?.inbox_id ?? message?.inbox_id ?? null)?.name,
    conversation?.kind === 'contact' ? placeWords[conversation.status] : undefined,
  ].filter(Boolean);
  const at = Date.parse(hit.at);
  return (
    <li>
      <HitLink hit={hit}>
        <Avatar name={title} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
            <time dateTime={hit.at} title={absoluteTime(at)} className="shrink-0 text-ink-3 text-xs">
              {relativeTime(at, now)}
            </time>
          </span>
          <span className="line-clamp-2 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
            {highlighted(hit.excerpt.text, hit.excerpt.highlights).map((piece) =>
              piece.isFound ? (
                <mark key={piece.at} className="rounded-sm bg-warn-soft font-medium text-warn-ink">
                  {piece.text}
                </mark>
              ) : (
                piece.text
              ),
            )}
          </span>
          <span className="block truncate text-ink-3 text-xs">{facts.join(' · ')}</span>
        </span>
      </HitLink>
    </li>
  );
}

function HitLink({ hit, children }: { hit: SearchHit; children: ReactNode }) {
  const { contact, conversation, message } = hit;
  const hash = message ? `message-${message.id}` : '';
  if (contact)
    return (
      <Link to="/contacts/$id" params={{ id: contact.id }} className={LINK}>
        {children}
      </Link>
    );
  if (conversation?.kind === 'direct')
    return (
      <Link to="/direct/$id" params={{ id: conversation.id }} hash={hash} className={LINK}>
        {children}
      </Link>
    );
  if (conversation)
    return (
      <Link
        to="/conversations/$id"
        params={{ id: conversation.id }}
        search={{ view: 'all' }}
        hash={hash}
        className={LINK}
      >
        {children}
      </Link>
    );
  return (
    <Link to="/message/$id" params={{ id: message?.id ?? hit.id }} className={LINK}>
      {children}
    </Link>
  );
}
