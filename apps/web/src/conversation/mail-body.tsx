import type { MessageRow, OpenMessage } from '@roost/protocol';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { HtmlPanel } from '../message/html-panel.tsx';
import { filesOf } from '../message/message-files.ts';
import type { Api } from '../session/api.ts';
import { useApi } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { FilePart } from './file-part.tsx';
import { MessageText } from './message-text.tsx';
import { partedMail } from './quoted.ts';
import { useInSight } from './use-in-sight.ts';

/** A mail as part of a conversation: what it says by itself, its history folded, its HTML and files on demand. */
export function MailBody({ row, subject }: { row: MessageRow; subject: string }) {
  const { ref, wasInSight } = useInSight();
  const opened = useContent(row.id, wasInSight);
  const [showsHtml, setShowsHtml] = useState(false);
  const [showsQuoted, setShowsQuoted] = useState(false);
  const content = opened.content;
  const said = useMemo(() => partedMail(content?.text ?? ''), [content?.text]);
  const isHtmlOnly = content !== null && !content.text && content.html !== null;
  const files = content?.attachments.filter(({ inline }) => !inline || !showsHtml) ?? [];
  return (
    <div ref={ref}>
      {row.subject !== '' && row.subject !== subject && <p className="mb-1 font-medium">{row.subject}</p>}
      {content === null ? (
        <p className="text-ink-2">{row.snippet}</p>
      ) : showsHtml || isHtmlOnly ? (
        <MailHtml row={row} content={content} />
      ) : (
        <MessageText text={showsQuoted ? `${said.own}\n\n${said.quoted}` : said.own || row.snippet} />
      )}
      {opened.problem && (
        <p className="mt-1 text-bad-ink text-xs">The rest could not be loaded. {opened.problem}</p>
      )}
      {files.length > 0 && (
        <div className="mt-2 grid gap-1">
          {files.map(({ index, filename, content_type, size_bytes }) => (
            <FilePart
              key={index}
              messageId={row.id}
              part={{ type: 'document', index, filename, content_type, size_bytes, problem: null }}
            />
          ))}
        </div>
      )}
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs">
        {said.quoted !== '' && !showsHtml && (
          <Button
            className="h-6 px-2 text-xs"
            aria-expanded={showsQuoted}
            onClick={() => setShowsQuoted(!showsQuoted)}
          >
            {showsQuoted ? 'Hide the history' : 'Show the history'}
          </Button>
        )}
        {content?.html && !isHtmlOnly && (
          <Button
            className="h-6 px-2 text-xs"
            aria-pressed={showsHtml}
            onClick={() => setShowsHtml(!showsHtml)}
          >
            {showsHtml ? 'As text' : 'As it was laid out'}
          </Button>
        )}
        <Link
          to="/message/$id"
          params={{ id: row.id }}
          className="rounded px-1 text-ink-3 underline underline-offset-2 hover:text-ink"
        >
          Open the mail
        </Link>
      </div>
    </div>
  );
}

function MailHtml({ row, content }: { row: MessageRow; content: OpenMessage['content'] }) {
  const api = useApi();
  const files = useMemo(() => filesOf(api, row.id), [api, row.id]);
  return (
    <div className="flex h-96 flex-col overflow-hidden rounded-md">
      <HtmlPanel html={content.html ?? ''} attachments={content.attachments} files={files} />
    </div>
  );
}

/** What mails say never changes; as many as a long look back may need are kept. */
const KEPT_MAX = 300;
const kept = new WeakMap<Api, Map<string, OpenMessage['content']>>();

function useContent(messageId: string, isWanted: boolean) {
  const api = useApi();
  const [content, setContent] = useState(() => kept.get(api)?.get(messageId) ?? null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!isWanted || content !== null) return;
    let isOver = false;
    api
      .read<{ rows: OpenMessage[] }>(`/api/v1/messages/${encodeURIComponent(messageId)}`)
      .then(({ rows: [opened] }) => {
        if (opened) keep(api, messageId, opened.content);
        if (!isOver) setContent(opened?.content ?? null);
      })
      .catch((error: Error) => !isOver && setProblem(error.message));
    return () => {
      isOver = true;
    };
  }, [api, messageId, isWanted, content]);
  return { content, problem };
}

function keep(api: Api, messageId: string, content: OpenMessage['content']): void {
  const ofApi = kept.get(api) ?? new Map<string, OpenMessage['content']>();
  kept.set(api, ofApi.set(messageId, content));
  if (ofApi.size > KEPT_MAX) ofApi.delete(ofApi.keys().next().value as string);
}
