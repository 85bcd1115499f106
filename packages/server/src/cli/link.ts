import { parseArgs } from 'node:util';
import { createSignInLink, signInUrl } from '../access/index.ts';
import { addressOf } from '../address.ts';
import { systemClock, systemSecrets } from '../clock.ts';
import { type CliCommand, exits } from './command.ts';
import { type KnownMember, memberNamed, type Workplace, withStore } from './store.ts';

export const link: CliCommand = {
  usage: 'link [--email ADDRESS]',
  says: 'Prints a link that signs the owner, or another member, in once.',
  run(args, outside) {
    const { values } = parseArgs({ args: [...args], options: { email: { type: 'string' } } });
    return withStore(outside, async (place) => {
      outside.out(await linkFor(place, await memberNamed(place, values.email)));
      return exits.ok;
    });
  },
};

/** A fresh one-time link for a member, where the settings say that people open the server. */
export async function linkFor({ bus, config, founded }: Workplace, { id }: KnownMember): Promise<string> {
  const needs = { secrets: systemSecrets, clock: systemClock };
  const token = await createSignInLink(bus, needs, { org: founded.org, user_id: id });
  return signInUrl(config.publicUrl ?? addressOf('http', config.host, config.port), token);
}
