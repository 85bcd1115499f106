import type { ListParams } from '../channels.ts';
import { type Client, type ClientOptions, createClient } from '../client.ts';
import type { ListState } from '../listing.ts';
import type { LiveList } from '../lists.ts';
import type { Status } from '../status.ts';
import { FakeClock, seededRandom } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { FakeNetwork } from './fake-socket.ts';
import { FakeSurroundings } from './fake-surroundings.ts';

/** A client, the server it talks to, and everything between them, all under the test's hand. */
export class World {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork();
  readonly surroundings = new FakeSurroundings();
  readonly server = new FakeServer(this.clock, this.network);
  readonly client: Client;
  /** What the app was asked for a token with. */
  readonly asked: ('start' | 'expired')[] = [];
  /** What the app answers. */
  giveToken: (reason: 'start' | 'expired') => Promise<string | null> = async () => 'token-1';
  /** What the app's own listeners threw. */
  readonly thrown: unknown[] = [];
  /** Every public state since the beginning, without repetitions. */
  readonly states: Status['state'][] = [];

  constructor(options: Partial<ClientOptions> & { seed?: number } = {}) {
    const { seed = 1, ...rest } = options;
    this.client = createClient({
      url: 'http://roost.test',
      getToken: (reason) => {
        this.asked.push(reason);
        return this.giveToken(reason);
      },
      openSocket: this.network.openSocket,
      fetch: this.server.fetch,
      clock: this.clock,
      random: seededRandom(seed),
      surroundings: this.surroundings,
      onError: (error) => void this.thrown.push(error),
      ...rest,
    });
    const note = () => {
      const { state } = this.status;
      if (this.states.at(-1) !== state) this.states.push(state);
    };
    note();
    this.client.status.subscribe(note);
  }

  get status(): Status {
    return this.client.status.getSnapshot();
  }

  /** Listens to a list, as a screen does. */
  open(channel: string, params?: ListParams): OpenList {
    return new OpenList(this.client.list(channel, params));
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Started, and long enough for everything to have arrived. */
  async live(): Promise<void> {
    this.client.start();
    await this.advance(100);
  }
}

/** A list somebody looks at, and what they have been shown. */
export class OpenList {
  readonly shown: ListState[] = [];
  readonly close: () => void;

  constructor(readonly list: LiveList) {
    this.close = list.subscribe(() => void this.shown.push(list.getSnapshot()));
  }

  get state(): ListState {
    return this.list.getSnapshot();
  }

  get ids(): string[] {
    return this.state.rows.map(({ id }) => id);
  }

  get subjects(): string[] {
    return this.state.rows.map((row) => (row as { subject?: string }).subject ?? '');
  }
}
