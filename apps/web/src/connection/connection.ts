import { type Client, createClient } from '@roost/client';
import type { Session } from '../session/session.ts';

/**
 * The client of who is signed in: made when they sign in, stopped when they leave. Null in between.
 * A session that ended keeps its client, whose rows stay on the screen, marked as old.
 */
export class Connection {
  private client: Client | null = null;
  private before = 'starting';
  private readonly listeners = new Set<() => void>();

  constructor(private readonly session: Session) {
    session.subscribe(() => this.follow());
    this.follow();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): Client | null => this.client;

  private follow(): void {
    const state = this.session.getSnapshot();
    const who = 'userId' in state ? `${state.kind} ${state.orgId} ${state.userId}` : state.kind;
    if (who === this.before) return;
    this.before = who;
    if (state.kind === 'ended') return;
    this.client?.stop();
    this.client = state.kind === 'signed-in' ? this.open() : null;
    for (const listener of [...this.listeners]) listener();
  }

  private open(): Client {
    const client = createClient({ url: '', getToken: this.session.getToken });
    client.start();
    return client;
  }
}
