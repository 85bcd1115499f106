import { parseArgs } from 'node:util';
import { createSignInLink, signInUrl } from '../access/index.ts';
import { addressOf } from '../address.ts';
import { systemClock, systemSecrets } from '../clock.ts';
import { type CliCommand, exits } from './command.ts';
import { type KnownMember, memberNamed, orgNamed, type Workplace, withStore } from './store.ts';

export const link: CliCommand = {
  usage: 'link [--email ADDRESS] [--org ID]',
  says: 'Prints a link that signs the owner, or another member, in once.',
  run(args, outside) {
    const options = { email: { type: 'string' }, org: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return withStore(outside, async (place) => {
      const org = await orgNamed(place, values.org);
      outside.out(await linkFor(place, org, await memberNamed(place, org, values.email)));
      return exits.ok;
    });
  },
};

/** A fresh one-time link for a member, where the settings say that people open the server. */
export async function linkFor(place: Workplace, org: string, { id }: KnownMember): Promise<string> {
  const needs = { secrets: systemSecrets, clock: systemClock };
  const token = await createSignInLink(place.bus, needs, { org, user_id: id });
  return signInUrl(publicUrlOf(place), token);
}

export function publicUrlOf({ config }: Workplace): string {
  return config.publicUrl ?? addressOf('http', config.host, config.port);
}
