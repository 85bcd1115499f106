import { useEffect, useState } from 'react';
import { useApi } from '../session/session-context.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Logo } from '../ui/logo.tsx';
import { curlLine, firstAddress, type ServerFacts } from './curl-line.ts';

/** The empty inbox of somebody who has just started: how to see a first mail arrive. */
export function FirstMail() {
  const facts = useServerFacts();
  return (
    <div className="mx-auto w-full max-w-2xl px-6 py-[10vh] text-center">
      <div className="mb-4 flex justify-center">
        <Logo size={40} />
      </div>
      <h2 className="font-semibold text-base">Nothing has landed yet</h2>
      {facts === null ? (
        <p className="mt-1 text-ink-2">The first message appears here by itself.</p>
      ) : (
        <>
          <p className="mt-1 text-ink-2">
            Send mail to any address at <Code>{facts.mail_domains.join(', ')}</Code> through SMTP at{' '}
            <Code>{`${location.hostname}:${facts.smtp_port}`}</Code>, and watch it arrive.
          </p>
          <div className="mt-6 rounded-lg border border-line bg-surface text-left">
            <div className="flex items-center justify-between border-line border-b py-1.5 pr-1.5 pl-3 text-[0.8125rem] text-ink-3">
              A first mail to {firstAddress(facts.mail_domains)}
              <CopyButton text={curlLine(location.hostname, facts)} />
            </div>
            <pre className="whitespace-pre-wrap p-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
              {curlLine(location.hostname, facts)}
            </pre>
          </div>
        </>
      )}
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <code className="rounded bg-hover px-1 py-0.5 font-mono text-xs">{children}</code>;
}

function useServerFacts(): ServerFacts | null {
  const api = useApi();
  const [facts, setFacts] = useState<ServerFacts | null>(null);
  useEffect(() => {
    let isOver = false;
    api
      .get('/api/v1/server')
      .then((answer) => answer.json())
      .then((told: ServerFacts) => !isOver && setFacts(told))
      // Without the facts the page says less; that mail appears by itself stays true.
      .catch(() => {});
    return () => {
      isOver = true;
    };
  }, [api]);
  return facts;
}
