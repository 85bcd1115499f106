import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Tx } from '../database.ts';

/** What every store promises. Runs on each of them, whatever else the store holds. */
export function databaseContract(open: () => Promise<Database>): void {
  let database: Database;
  let tests = 0;
  /** A name that no other test uses. */
  const fresh = () => {
    tests += 1;
    return `contract-${tests}`;
  };

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const insert = (tx: Tx, name: string, value = 'v') =>
    tx.run('insert into setting (name, value) values (?, ?)', name, value);
  const stored = async (name: string) => {
    const found = await database.read((tx) =>
      tx.get<{ value: string }>('select value from setting where name = ?', name),
    );
    return found?.value ?? null;
  };

  describe('a transaction', () => {
    test('is there for the next one once its promise resolves', async () => {
      const name = fresh();
      const result = await database.write(async (tx) => {
        await insert(tx, name);
        return 'result';
      });
      expect(result).toBe('result');
      expect(await stored(name)).toBe('v');
    });

    test('sees its own writes at once', async () => {
      const name = fresh();
      await database.write(async (tx) => {
        await insert(tx, name);
        expect(await tx.get('select value from setting where name = ?', name)).toEqual({ value: 'v' });
      });
    });

    test('is undone by an error, which comes out as it is', async () => {
      const name = fresh();
      const error = new Error('of the command');
      const failing = database.write(async (tx) => {
        await insert(tx, name);
        throw error;
      });
      await expect(failing).rejects.toBe(error);
      expect(await stored(name)).toBeNull();
    });

    test('is undone by a statement that fails, even one whose promise nobody looked at', async () => {
      const name = fresh();
      const failing = database.write(async (tx) => {
        await insert(tx, name);
        await insert(tx, name).catch(() => {});
        await insert(tx, `${name}-after`).catch(() => {});
      });
      await expect(failing).rejects.toThrow(/unique/i);
      expect(await stored(name)).toBeNull();
      expect(await stored(`${name}-after`)).toBeNull();
    });

    test('leaves the store usable after every way to fail', async () => {
      const name = fresh();
      for (const wrong of ['select * from no_such_table', 'this is not sql']) {
        await expect(database.read((tx) => tx.all(wrong))).rejects.toThrow();
        await expect(database.write((tx) => tx.all(wrong))).rejects.toThrow();
        await expect(database.write((tx) => tx.run(wrong))).rejects.toThrow();
      }
      await database.write((tx) => insert(tx, name));
      expect(await stored(name)).toBe('v');
    });

    test('counts what may have changed something', async () => {
      const name = fresh();
      await database.write(async (tx) => {
        expect(tx.writeCount).toBeTypeOf('number');
        const before = tx.writeCount;
        await tx.get('select value from setting where name = ?', name);
        await tx.kysely.selectFrom('setting').select('name').where('name', '=', name).execute();
        expect(tx.writeCount).toBe(before);
        await insert(tx, name);
        expect(tx.writeCount).toBeGreaterThan(before);
        const afterInsert = tx.writeCount;
        await tx.kysely.deleteFrom('setting').where('name', '=', name).execute();
        expect(tx.writeCount).toBeGreaterThan(afterInsert);
      });
    });
  });

  describe('a savepoint', () => {
    test('undoes only what was written on it', async () => {
      const name = fresh();
      await database.write(async (tx) => {
        await insert(tx, `${name}-before`);
        const error = new Error('of one command');
        const failing = tx.savepoint(async () => {
          await insert(tx, `${name}-within`);
          throw error;
        });
        await expect(failing).rejects.toBe(error);
        await insert(tx, `${name}-after`);
      });
      expect(await stored(`${name}-before`)).toBe('v');
      expect(await stored(`${name}-within`)).toBeNull();
      expect(await stored(`${name}-after`)).toBe('v');
    });

    test('fails when a statement on it failed, and the transaction goes on', async () => {
      const name = fresh();
      await database.write(async (tx) => {
        await insert(tx, name);
        await expect(tx.savepoint(() => insert(tx, name))).rejects.toThrow(/unique/i);
        const given = await tx.savepoint(async () => {
          await insert(tx, `${name}-next`);
          return 'kept';
        });
        expect(given).toBe('kept');
      });
      expect(await stored(name)).toBe('v');
      expect(await stored(`${name}-next`)).toBe('v');
    });

    test('says what failed first, not what that made impossible', async () => {
      const name = fresh();
      await database.write(async (tx) => {
        await insert(tx, name);
        const failing = tx.savepoint(async () => {
          await insert(tx, name);
          await tx.get('select 1 as one');
        });
        await expect(failing).rejects.toThrow(/unique/i);
      });
    });
  });

  describe('many rows', () => {
    test('come back as they went in', async () => {
      const org = fresh();
      const rows = Array.from({ length: 5_000 }, (_, at) => [
        org,
        at + 1,
        1_700_000_000_000 + at,
        'a',
        `[${at}]`,
      ]);
      await database.write((tx) => tx.insertMany('log', ['org', 'offset', 'at', 'actor', 'changes'], rows));
      const kept = await database.read((tx) =>
        tx.all<Record<string, unknown>>('select * from log where org = ? order by "offset"', org),
      );
      expect(kept.map((row) => [row.org, row.offset, row.at, row.actor, row.changes])).toEqual(rows);
    });

    test('of none are nothing', async () => {
      await database.write((tx) => tx.insertMany('setting', ['name', 'value'], []));
    });
  });

  describe('values', () => {
    test('numbers stay numbers up to the largest whole one, and nothing stays null', async () => {
      const org = fresh();
      await database.write((tx) =>
        tx.run(
          'insert into log (org, "offset", at, actor, changes) values (?, ?, ?, ?, ?)',
          org,
          Number.MAX_SAFE_INTEGER,
          0,
          '',
          '',
        ),
      );
      const row = await database.read((tx) =>
        tx.get(
          'select "offset", (select value from setting where name = ?) as missing from log where org = ?',
          org,
          org,
        ),
      );
      expect(row).toEqual({ offset: Number.MAX_SAFE_INTEGER, missing: null });
      const counted = await database.read((tx) =>
        tx.get('select count(*) as count from log where org = ?', org),
      );
      expect(counted).toEqual({ count: 1 });
    });

    test('text keeps every character but NUL, which neither fails nor cuts it short', async () => {
      const name = fresh();
      const text = `'"%_\\?$1\n\t\u{1F426}é\u0301 end`;
      await database.write((tx) => insert(tx, name, text));
      expect(await stored(name)).toBe(text);
      await database.write((tx) => insert(tx, `${name}\0x`, 'a\0b'));
      expect(await stored(`${name}\0x`)).toBe('a\u{FFFD}b');
    });

    test('text sorts byte by byte, whatever language the database speaks', async () => {
      const org = fresh();
      const names = ['~', 'a', 'B', '_', '1', 'é', '-', '0z', '00'].map((name) => `${org}:${name}`);
      await database.write((tx) =>
        tx.insertMany(
          'setting',
          ['name', 'value'],
          names.map((name) => [name, '']),
        ),
      );
      const sorted = await database.read((tx) =>
        tx.all<{ name: string }>(
          'select name from setting where name > ? and name < ? order by name',
          org,
          `${org}~`,
        ),
      );
      const bytes = (text: string) => Buffer.from(text);
      expect(sorted.map(({ name }) => name)).toEqual(
        names.sort((a, b) => Buffer.compare(bytes(a), bytes(b))),
      );
    });
  });

  describe('composed queries', () => {
    test('run inside the transaction', async () => {
      const name = fresh();
      const failing = database.write(async (tx) => {
        await tx.kysely.insertInto('setting').values({ name, value: 'composed' }).execute();
        const found = await tx.kysely.selectFrom('setting').selectAll().where('name', '=', name).execute();
        expect(found).toEqual([{ name, value: 'composed' }]);
        const { numUpdatedRows } = await tx.kysely
          .updateTable('setting')
          .set({ value: 'again' })
          .where('name', '=', name)
          .executeTakeFirstOrThrow();
        expect(numUpdatedRows).toBe(1n);
        throw new Error('undo');
      });
      await expect(failing).rejects.toThrow('undo');
      expect(await stored(name)).toBeNull();
    });
  });

  describe('a read', () => {
    test('shows one moment, whatever is committed beside it', async () => {
      const name = fresh();
      const counted = () => `select count(*) as count from setting where name like '${name}-%'`;
      let writing: Promise<unknown> = Promise.resolve();
      const counts = await database.read(async (tx) => {
        const before = await tx.get<{ count: number }>(counted());
        writing = database.write((other) => insert(other, `${name}-1`));
        // Where reads and writes take turns the write waits for us; where they do not, it is over by now.
        if (tx.dialect === 'postgres') await writing;
        const after = await tx.get<{ count: number }>(counted());
        return [before?.count, after?.count];
      });
      await writing;
      expect(counts).toEqual([0, 0]);
      expect(await stored(`${name}-1`)).toBe('v');
    });

    test('many at once all end', async () => {
      const name = fresh();
      const all = Array.from({ length: 60 }, (_, at) =>
        at % 3 === 0
          ? database.write((tx) => insert(tx, `${name}-${at}`))
          : database.read((tx) => tx.get('select 1 as one')),
      );
      await Promise.all(all);
      const kept = await database.read((tx) =>
        tx.all(`select name from setting where name like '${name}-%'`),
      );
      expect(kept).toHaveLength(20);
    });
  });

  test('once closed it refuses instead of hanging', async () => {
    const other = await open();
    await other.close();
    const asked = other.read((tx) => tx.get('select 1 as one'));
    await expect(asked).rejects.toMatchObject({ code: 'store.unavailable' });
  });
}
