/** A process that takes messages for as long as it lives, and says of each when it was asked and when it was told. */
import { writeSync } from 'node:fs';
import { systemClock, systemRandom } from '../../clock.ts';
import { commands } from '../../domain/index.ts';
import { CommandBus, WorkerEngine } from '../index.ts';
import { arrival } from './arrivals.ts';

const CALLERS = 16;
const [entry, file, org, round] = process.argv.slice(2) as [string, string, string, string];

const engine = await WorkerEngine.open({
  entry,
  file,
  clock: systemClock,
  random: systemRandom,
  onTrouble: (says, cause) => say(`trouble ${says} ${cause}`),
});
const bus = new CommandBus(
  engine,
  () => 'all',
  () => {},
  (name, detail) => say(`trouble ${name} ${detail}`),
);

/** At once and not through a stream, whose buffer would die with the process. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

let count = 0;
async function call(): Promise<never> {
  for (;;) {
    count += 1;
    const id = `${round}-${count}`;
    say(`asked ${id}`);
    await bus.execute(commands.acceptMessages, {
      org,
      actor: { kind: 'system', name: 'test' },
      id,
      input: { arrivals: [arrival(`bob@x.${org}.test`, { subject: id })] },
    });
    say(`told ${id}`);
  }
}

await Promise.all(Array.from({ length: CALLERS }, call));
