import type { ConversationRow, Row } from '@roost/protocol';
import { expect, test } from 'vitest';
import { RowTexts } from './row-texts.ts';

test('a row shown by many channels is written once, as it is', () => {
  let writtenCount = 0;
  const shown = { id: 'c1', version: 3, subject: 'A “question”' };
  const toJSON = () => {
    writtenCount += 1;
    return shown;
  };
  const row = { ...shown, toJSON } as unknown as ConversationRow;
  const other = { id: 'c2', version: 3 } as Row;
  const texts = new RowTexts();
  expect(texts.list([row])).toBe('[{"id":"c1","version":3,"subject":"A “question”"}]');
  expect(texts.list([row, other])).toBe(
    '[{"id":"c1","version":3,"subject":"A “question”"},{"id":"c2","version":3}]',
  );
  expect(texts.list([])).toBe('[]');
  expect(writtenCount).toBe(1);
});
