import { expect, test } from 'vitest';
import { fieldsOf, listOf } from './contact-fields.ts';

test('what is typed with commas is a list, each once', () => {
  expect(listOf(' a@x.test, b@x.test;a@x.test\n , ')).toEqual(['a@x.test', 'b@x.test']);
  expect(listOf('')).toEqual([]);
});

test('a field needs a name and a value', () => {
  const rows = [
    { key: 1, name: ' Plan ', value: 'Gold' },
    { key: 2, name: '', value: 'lost' },
    { key: 3, name: 'Empty', value: '  ' },
    { key: 4, name: 'Plan', value: 'Silver' },
  ];
  expect(fieldsOf(rows)).toEqual({ Plan: 'Silver' });
});
