import type { Clock, Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { hashSecret, newSecret } from './secret.ts';

const LINK_LIFETIME_MS = 24 * 60 * 60_000;

/** Makes the token of a link that signs a member in once, within a day. @throws member.unknown */
export async function createSignInLink(
  bus: Pick<CommandBus, 'execute'>,
  { secrets, clock }: { secrets: Secrets; clock: Pick<Clock, 'now'> },
  member: { readonly org: string; readonly user_id: string },
): Promise<string> {
  const token = newSecret(secrets);
  await bus.execute(commands.createSignInLink, {
    org: member.org,
    actor: { kind: 'system', name: 'access' },
    input: {
      user_id: member.user_id,
      hash: hashSecret(token),
      expires_at: clock.now() + LINK_LIFETIME_MS,
    },
  });
  return token;
}

/** The link to open. The token stands in the fragment, so that it never reaches a server's or a proxy's log. */
export function signInUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/sign-in#link=${token}`;
}
