import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';

/** Stores a value of the server's own unless there is one, and returns the one in force. */
export const keepSetting = defineCommand({
  name: 'setting.keep',
  input: z.object({ name: z.string(), value: z.string() }),
  may: { roles: [] },
  async run({ tx }, { name, value }) {
    await tx.run(
      'insert into setting (name, value) values (?, ?) on conflict (name) do nothing',
      name,
      value,
    );
    const kept = await tx.get<{ value: string }>('select value from setting where name = ?', name);
    return kept?.value ?? value;
  },
});
