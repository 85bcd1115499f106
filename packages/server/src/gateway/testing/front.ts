import { Failure, type UpFrameInput } from '@roost/protocol';
import { Hub } from '../../sync/index.ts';
import { ORG, SmallLog } from '../../sync/testing/small-log.ts';
import { StillClock } from '../../sync/testing/still-clock.ts';
import type { Connection } from '../connection.ts';
import { encodeFrame, Gateway, type GatewayObserver, type Principal } from '../index.ts';
import { SmallWire } from './small-wire.ts';

/** One client's end: what it sends goes to its connection, what it was told is on its wire. */
export interface Visitor {
  readonly wire: SmallWire;
  readonly connection: Connection;
  say(frame: UpFrameInput | object | string): Promise<void>;
  /** Says hello and forgets the answer. */
  greet(token?: string): Promise<void>;
}

const turn = () => new Promise(setImmediate);

/** A gateway over a small log, with tokens that are the names of those they stand for. */
export class Front {
  readonly log = new SmallLog();
  readonly clock = new StillClock();
  readonly hub: Hub;
  readonly gateway: Gateway;
  readonly failures: string[] = [];
  readonly published: object[] = [];
  readonly reads: { userId: string; upTo: number; conversationId: string | null; id: string }[] = [];
  readonly sent: { userId: string; conversationId: string; text: string; id: string }[] = [];
  /** What is sent from now on is refused like this. */
  refusal: Failure | null = null;
  stoppedCount = 0;
  /** Asked before a token is answered for. */
  beforeAnswer: () => Promise<void> | void = () => {};
  private readonly ended = new Set<string>();

  constructor() {
    this.hub = new Hub(this.log, encodeFrame, this.clock, () => {});
    this.gateway = new Gateway(
      this.hub,
      {
        authenticate: (token) => this.authenticate(token),
        markRead: async ({ user_id }, upTo, conversationId, id) => {
          this.reads.push({ userId: user_id, upTo, conversationId, id });
          return { offset: this.log.offset, result: null };
        },
        send: async ({ user_id }, conversationId, message, id) => {
          if (this.refusal) throw this.refusal;
          this.sent.push({ userId: user_id, conversationId, text: message.text, id });
          return { offset: this.log.offset, result: { message_id: `m${this.sent.length}` } };
        },
        observer: this.observer(),
      },
      this.clock,
      () => 0.5,
      'n1',
      (_, signal) => void this.published.push(signal),
    );
    for (const userId of ['ann', 'bob']) this.log.join(userId);
  }

  /** From now on this token is nobody's. */
  endToken(token: string): void {
    this.ended.add(token);
  }

  visit(): Visitor {
    const wire = new SmallWire();
    const connection = this.gateway.connect(wire);
    const say = async (frame: object | string) => {
      connection.receive(typeof frame === 'string' ? frame : JSON.stringify(frame));
      await turn();
    };
    return {
      wire,
      connection,
      say,
      greet: async (token = 'ann') => {
        const subscriptions = [{ id: 's1', channel: 'inbox', params: { limit: 5 } }];
        await say({ type: 'hello', token, subscriptions });
        wire.take();
      },
    };
  }

  commit(...entries: ReturnType<SmallLog['deliver']>[]): void {
    this.hub.accept(entries);
  }

  private async authenticate(token: string | undefined): Promise<Principal> {
    if (token === undefined) throw new Failure('token.missing');
    const isGood = !this.ended.has(token) && this.log.members.has(token.split(':')[0] as string);
    await this.beforeAnswer();
    if (!isGood) throw new Failure('token.invalid');
    const [userId, session, lifetime] = token.split(':') as [string, string?, string?];
    // A session's id tells when it was opened, as ids do.
    const session_id = session ?? `000000001000${userId}`;
    const actor = { kind: 'member', user_id: userId, session_id } as const;
    const expires_at = lifetime === undefined ? null : this.clock.now() + Number(lifetime);
    return { org: ORG, user_id: userId, actor, session_id, expires_at };
  }

  private observer(): GatewayObserver {
    return {
      connections: () => {},
      closed: () => {},
      failed: (code) => void this.failures.push(code),
      framesIn: () => {},
      bytesOut: () => {},
      stopped: () => {
        this.stoppedCount += 1;
      },
    };
  }
}
