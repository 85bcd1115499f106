import type { Change, FailureCode } from '@roost/protocol';
import { Access, type AccessTokens, isRevocation } from '../access/index.ts';
import type { Random } from '../clock.ts';
import { CommandBus, type Engine, type LogEntry } from '../commands/index.ts';
import { encodeFrame, Gateway, type Wire } from '../gateway/index.ts';
import { gatewayWrites } from '../gateway-writes.ts';
import { logReader } from '../log-reader.ts';
import type { Dialect } from '../store/database.ts';
import type { Fanout, Hint } from '../sync/fanout/index.ts';
import { type Bounds, Hub } from '../sync/index.ts';
import type { ProcessTime } from './time.ts';

/** What an installation with API tokens alone never asks for. */
const noAccessTokens = {
  read: () => Promise.reject(new Error('Nobody has an access token here')),
} as unknown as AccessTokens;

/** Room for a few; a cache as large as a server's costs more to make than a whole schedule to run. */
const TOKENS_KEPT = 50;

/** A server process: the real rooms, joined as `main.ts` joins them. */
export class Node {
  readonly bus: CommandBus;
  readonly hub: Hub;
  readonly gateway: Gateway;
  readonly access: Access;
  readonly failures = new Map<FailureCode, number>();
  stoppedCount = 0;
  isUp = true;

  constructor(
    readonly name: string,
    readonly time: ProcessTime,
    random: Random,
    engine: Engine,
    dialect: Dialect,
    bounds: Bounds,
    private readonly fanout: Fanout,
    onTrouble: (error: unknown) => void,
  ) {
    this.bus = new CommandBus(
      engine,
      (org) => (dialect === 'sqlite' ? 'all' : org),
      (entries) => this.committed(entries),
      (command, detail) => onTrouble(new Error(`${command}: ${detail}`)),
    );
    this.access = new Access({ bus: this.bus, tokens: noAccessTokens, host: null, clock: time }, TOKENS_KEPT);
    this.hub = new Hub(logReader(this.bus), encodeFrame, time, onTrouble, bounds);
    this.hub.watch({
      entry: (_, { changes }) => this.access.forget(changes),
      began: (org) => this.access.forgetOrg(org),
    });
    this.gateway = new Gateway(
      this.hub,
      {
        authenticate: (token) => this.access.authenticate(token),
        ...gatewayWrites(this.bus),
        observer: {
          connections: () => {},
          closed: () => {},
          failed: (code) => this.failures.set(code, (this.failures.get(code) ?? 0) + 1),
          framesIn: () => {},
          bytesOut: () => {},
          stopped: () => {
            this.stoppedCount += 1;
          },
        },
      },
      time,
      random,
      name,
      (org, signal) => fanout.publish({ kind: 'ephemeral', org, signal }),
    );
    fanout.onHint((hint) => this.heard(hint));
  }

  connect(wire: Wire) {
    return this.gateway.connect(wire);
  }

  get hearsHints(): boolean {
    return this.fanout.isHealthy();
  }

  /** Gone from one moment to the next: whatever it was about to do or say, it does not. */
  kill(): Promise<void> {
    this.isUp = false;
    this.time.end();
    return this.fanout.close();
  }

  private committed(entries: readonly LogEntry[]): void {
    const read = entries.map(({ org, changes }) => ({ org, changes: JSON.parse(changes) as Change[] }));
    for (const { changes } of read) this.access.forget(changes);
    this.hub.accept(entries);
    for (const { org, offset } of entries) this.fanout.publish({ kind: 'log', org, offset });
    for (const { org, changes } of read)
      if (changes.some(isRevocation)) this.fanout.publish({ kind: 'revoked', org });
  }

  private heard(hint: Hint): void {
    if (!this.isUp) return;
    if (hint.kind === 'log') this.hub.hint(hint.org, hint.offset);
    else if (hint.kind === 'revoked') this.access.forgetOrg(hint.org);
    else this.gateway.take(hint.org, hint.signal);
  }
}
