import type { MessagePart, MessageRow } from '@roost/protocol';
import type { ReactNode } from 'react';
import { PersonIcon, PinIcon, ReplyIcon, WarningIcon } from '../ui/icons.tsx';
import { FilePart } from './file-part.tsx';
import { ImagePart } from './image-part.tsx';
import { PlayedPart } from './played-part.tsx';

/** What a message holds beside its text. */
export function Parts({ message }: { message: MessageRow }) {
  if (message.parts.length === 0) return null;
  return (
    <div className="mt-1 grid gap-1.5 first:mt-0">
      {message.parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message keep their places
        <Part key={at} messageId={message.id} part={part} />
      ))}
    </div>
  );
}

function Part({ messageId, part }: { messageId: string; part: MessagePart }): ReactNode {
  switch (part.type) {
    case 'image':
    case 'sticker':
      return <ImagePart messageId={messageId} part={part} />;
    case 'audio':
    case 'voice':
    case 'video':
      return <PlayedPart messageId={messageId} part={part} />;
    case 'document':
      return <FilePart messageId={messageId} part={part} />;
    case 'location':
      return <Location {...part} />;
    case 'contacts':
      return part.contacts.map(({ name, phones, emails }) => (
        <div
          key={`${name} ${phones[0]} ${emails[0]}`}
          className="flex items-center gap-2 rounded-lg bg-hover px-2.5 py-2"
        >
          <PersonIcon />
          <span className="min-w-0">
            <span className="block truncate font-medium">{name || 'A contact'}</span>
            <span className="block text-ink-2 text-xs [overflow-wrap:anywhere]">
              {[...phones, ...emails].join(', ')}
            </span>
          </span>
        </div>
      ));
    case 'choice':
      return (
        <div className="flex items-center gap-2 text-[0.9375rem]">
          <ReplyIcon /> <span className="text-ink-3 text-xs">Chose</span> {part.title}
        </div>
      );
    case 'template':
      return (
        <div className="text-ink-3 text-xs">
          Template {part.name} ({part.language})
          {part.parameters.length > 0 && `: ${part.parameters.join(' · ')}`}
        </div>
      );
    case 'unsupported':
      return (
        <div className="flex items-start gap-2 text-ink-2">
          <WarningIcon /> {part.says}
        </div>
      );
    default:
      return part satisfies never;
  }
}

function Location({ latitude, longitude, name, address }: Extract<MessagePart, { type: 'location' }>) {
  const place = `${latitude},${longitude}`;
  return (
    <a
      href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
      target="_blank"
      rel="noopener noreferrer"
      className="flex items-center gap-2 rounded-lg bg-hover px-2.5 py-2"
    >
      <PinIcon />
      <span className="min-w-0">
        <span className="block font-medium text-accent-ink underline underline-offset-2">
          {name || 'A place'}
        </span>
        <span className="block text-ink-2 text-xs">{address || place}</span>
      </span>
    </a>
  );
}
