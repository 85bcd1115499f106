import { Failure } from '@roost/protocol';
import type { Clock, Secrets } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, isAsSaid, queries } from '../domain/index.ts';
import { HOST_TOKEN_MAX_SECONDS, type HostClaims, type HostTokens } from './host-tokens.ts';
import type { Principal } from './principal.ts';
import { newSecret } from './secret.ts';

/** The session of a host's user outlives each of its tokens, so that not every token is a write. */
const SESSION_MS = 3 * HOST_TOKEN_MAX_SECONDS * 1000;

const system = { kind: 'system', name: 'host' } as const;

interface Needs {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly tokens: HostTokens;
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets: Secrets;
}

/** Lets in people whom a host application vouches for: a member from the first time on, whose role follows. */
export class HostDoor {
  constructor(private readonly needs: Needs) {}

  /** @throws token.invalid; access.forbidden  deactivated here, or above what the host may speak for */
  async enter(token: string): Promise<Principal> {
    const claims = await this.needs.tokens.read(token);
    const { user_id, session_id, role } = (await this.asKnown(claims)) ?? (await this.written(claims));
    const { org, expires_at } = claims;
    const actor = { kind: 'member', user_id, session_id } as const;
    return { org, user_id, actor, role, session_id, expires_at, came_by_link: false, from_host: true };
  }

  /** Whom organisations trust may have changed. */
  forget(): void {
    this.needs.tokens.forget();
  }

  /** Nearly always: nothing has changed since the last token, and nothing is written. */
  private async asKnown({ org, user, expires_at }: HostClaims) {
    const { external_id } = user;
    const found = await this.needs.bus.query(queries.findHostUser, {
      org,
      actor: system,
      input: { external_id },
    });
    if (!found || !isAsSaid(found, user, expires_at)) return null;
    const { user_id, session_id, role } = found;
    if (session_id === null) throw new Failure('token.invalid');
    return { user_id, session_id, role };
  }

  private async written({ org, user }: HostClaims) {
    const { bus, clock, secrets } = this.needs;
    const session = {
      seed: newSecret(secrets),
      expires_at: clock.now() + SESSION_MS,
      from: { user_agent: 'Host application', ip: '' },
    };
    return (await bus.execute(commands.enterFromHost, { org, actor: system, input: { user, session } }))
      .result;
  }
}
