import type { CannedReplyRow, ConversationRow } from '@roost/protocol';
import { useCannedReplies } from '@roost/react';
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { filled, inserted, offered, slashWord } from './canned.ts';

/** The list of canned replies as part of the field: arrow keys choose, Enter or Tab inserts, Escape closes. */
export function useCannedField(
  row: ConversationRow,
  text: string,
  field: RefObject<HTMLTextAreaElement | null>,
  onText: (text: string) => void,
) {
  const { rows } = useCannedReplies();
  const { myId, nameOf } = useDirectory();
  const listId = useId();
  const [word, setWord] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const caret = useRef<number | null>(null);
  const replies = word === null ? [] : offered(rows, word);

  // After the text was put in: the caret belongs behind it.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const moved = () => {
    const element = field.current;
    const next = element ? slashWord(element.value, element.selectionEnd) : null;
    if (next !== word) setActive(0);
    setWord(next);
  };
  const choose = (reply: CannedReplyRow) => {
    const at = field.current?.selectionEnd ?? text.length;
    const values = {
      'contact.name': row.contact?.name || 'you',
      'agent.name': nameOf(myId),
      'conversation.subject': row.subject,
    };
    const after = inserted(text, at, filled(reply.text, values));
    caret.current = after.caret;
    onText(after.text);
    setWord(null);
  };
  const press = (event: KeyboardEvent): boolean => {
    if (word === null || replies.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive((active + step + replies.length) % replies.length);
    else if (event.key === 'Escape') setWord(null);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab')
      choose(replies[active] as CannedReplyRow);
    else return false;
    event.preventDefault();
    return true;
  };
  const activeId = word !== null && replies.length > 0 ? `${listId}-${active}` : undefined;
  return { listId, word, replies, isAnyKnown: rows.length > 0, active, activeId, moved, choose, press };
}
