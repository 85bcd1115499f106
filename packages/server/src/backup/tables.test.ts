import { expect, test } from 'vitest';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { columns, pagesOf, readRow, tableNames } from './tables.ts';

test('every table of the store is known, with every column', async () => {
  const database = await openSqlite(':memory:');
  const found = await database.read((tx) =>
    tx.all<{ table_name: string; names: string }>(
      `select m.name as table_name, group_concat(c.name) as names
         from sqlite_master m join pragma_table_info(m.name) c
        where m.type = 'table' and m.name not like 'kysely_%' and m.name not like 'sqlite_%'
          and m.name not like 'search_%' group by m.name`,
    ),
  );
  expect(
    Object.fromEntries(found.map(({ table_name, names }) => [table_name, names.split(',').sort()])),
  ).toEqual(Object.fromEntries(tableNames.map((name) => [name, Object.keys(columns[name]).sort()])));
  await database.close();
});

test('rows that share their key over several pages come once each', async () => {
  const database = await openSqlite(':memory:');
  const rows = Array.from({ length: 4_321 }, (_, at) => [
    'main',
    at < 40 ? 1 : at < 3_700 ? 2 : 3,
    at,
    'system:test',
    at % 3 === 0 ? 'same' : `c${at}`,
    '',
  ]);
  await database.write((tx) =>
    tx.insertMany('audit', ['org', 'offset', 'at', 'actor', 'command', 'subject'], rows),
  );
  const seen = await database.read(async (tx) => {
    const places: unknown[] = [];
    for await (const page of pagesOf(tx, 'audit')) places.push(...page.map(({ at }) => at));
    return places;
  });
  expect(seen).toEqual(rows.map(([, , at]) => at));
  await database.close();
});

test.each([
  ['no JSON', '{"name":', /JSON/],
  ['no row', 'null', /it is no row/],
  ['a column of somebody else', '{"name":"a","value":"b","colour":"red"}', /there is no column “colour”/],
  ['a missing column', '{"name":"a"}', /“value” is not text/],
  ['a number for a text', '{"name":"a","value":1}', /“value” is not text/],
])('a line that is %s is told as such', (_what, line, says) => {
  expect(() => readRow('setting', line)).toThrow(says);
});
