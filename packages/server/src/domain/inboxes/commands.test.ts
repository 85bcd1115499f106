import { expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../clock.ts';
import { CommandBus, StoreEngine } from '../../commands/index.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { commands, registry } from '../index.ts';

const actor = { kind: 'system', name: 'test' } as const;

test('[A2] an address belongs to one organisation; asking for another’s is refused and tells nothing of it', async () => {
  const engine = new StoreEngine(await openSqlite(':memory:'), registry, systemClock, systemRandom);
  const bus = new CommandBus(
    engine,
    () => 'all',
    () => {},
    () => {},
  );
  for (const org of ['here', 'there']) {
    const input = { name: org, owner_email: `owner@${org}.test`, owner_name: '', password_hash: null };
    await bus.execute(commands.foundOrganisation, { org, actor, input });
  }
  const keep = (org: string) =>
    bus.execute(commands.keepMailInbox, { org, actor, input: { address: 'Qa.Test' } });
  const kept = await keep('here');
  expect((await keep('here')).result).toEqual(kept.result);
  await expect(keep('there')).rejects.toMatchObject({ code: 'address.taken' });
  await engine.close();
});
