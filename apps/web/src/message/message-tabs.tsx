import type { OpenMessage } from '@roost/protocol';
import { useMemo } from 'react';
import { useApi } from '../session/session-context.tsx';
import { AttachmentsPanel } from './attachments-panel.tsx';
import { HtmlPanel } from './html-panel.tsx';
import { filesOf } from './message-files.ts';
import { SourcePanel } from './source-panel.tsx';
import { type Tab, Tabs } from './tabs.tsx';
import { TextPanel } from './text-panel.tsx';

/** What a message holds, each on its tab; what it does not hold has none. */
export function MessageTabs({ message }: { message: OpenMessage }) {
  const api = useApi();
  const { id, content, from } = message;
  const tabs = useMemo(() => {
    const files = filesOf(api, id);
    const { html, text, attachments, has_source } = content;
    const made: Tab[] = [];
    if (html) made.push({ name: 'HTML', panel: () => <HtmlPanel {...{ html, attachments, files, from }} /> });
    if (text) made.push({ name: 'Text', panel: () => <TextPanel text={text} /> });
    if (attachments.length > 0)
      made.push({
        name: 'Attachments',
        count: attachments.length,
        panel: () => <AttachmentsPanel {...{ attachments, files }} />,
      });
    if (has_source) made.push({ name: 'Source', panel: () => <SourcePanel messageId={id} files={files} /> });
    return made;
  }, [api, id, content, from]);
  const [first, ...others] = tabs;
  if (!first) return <p className="py-6 text-ink-3">This message is empty.</p>;
  return <Tabs key={id} label="Parts of the message" tabs={[first, ...others]} />;
}
