import {
  type DownFrame,
  EVENTS_CHANNEL,
  type EventData,
  type EventName,
  type UpFrameInput,
} from '@roost/protocol';
import { Listeners, type Report } from './listeners.ts';

type Frame = Extract<DownFrame, { type: 'event' }>;
type Subscription = NonNullable<Extract<UpFrameInput, { type: 'hello' }>['subscriptions']>[number];
type Send = (frame: UpFrameInput) => void;

const SUBSCRIPTION: Subscription = { id: EVENTS_CHANNEL, channel: EVENTS_CHANNEL };

/**
 * Named events as they happen (rule N1). They have no rows and no cursor: what happens while no socket is live is
 * told by the lists alone, and none of it comes by polling.
 */
export class NamedEvents {
  private readonly listeners = new Map<string, Listeners<[data: unknown]>>();
  private send: Send | null = null;
  /** The connection in use, or in the making, has been asked for them. */
  private isAsked = false;

  constructor(private readonly report: Report) {}

  on<Name extends EventName>(event: Name, listener: (data: EventData<Name>) => void): () => void {
    const listeners = this.listeners.get(event) ?? new Listeners<[data: unknown]>(this.report);
    this.listeners.set(event, listeners);
    // The shape of each event is the server's promise, as that of rows is.
    const leave = listeners.add(listener as (data: unknown) => void);
    this.reconcile();
    return () => {
      leave();
      this.reconcile();
    };
  }

  take({ event, data }: Frame): void {
    this.listeners.get(event)?.tell(data);
  }

  /** What the first frame of a connection asks for. */
  hello(): Subscription[] {
    this.isAsked = this.isWanted;
    return this.isAsked ? [SUBSCRIPTION] : [];
  }

  /** The connection is live, or null: no more. */
  connected(send: Send | null): void {
    this.send = send;
    this.reconcile();
  }

  private get isWanted(): boolean {
    return [...this.listeners.values()].some(({ isEmpty }) => !isEmpty);
  }

  private reconcile(): void {
    if (this.send === null || this.isAsked === this.isWanted) return;
    this.isAsked = this.isWanted;
    this.send(
      this.isAsked ? { type: 'subscribe', ...SUBSCRIPTION } : { type: 'unsubscribe', id: SUBSCRIPTION.id },
    );
  }
}
