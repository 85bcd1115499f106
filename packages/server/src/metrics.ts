import { type FailureCode, failures } from '@roost/protocol';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const CLOSE_CODES: ReadonlySet<number | null> = new Set(Object.values(failures).map(({ close }) => close));

/** Where something was told to the outside. */
export type Edge = 'http' | 'socket' | 'smtp' | 'pipe';

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
const GROUP_CALLS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What the server counts, in the text format of Prometheus at /metrics. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'roost_http_request_seconds',
    help: 'Time from a request to the end of its answer, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  private readonly failures = new Counter({
    name: 'roost_failures_total',
    help: 'Failures told to the outside, by where and by code.',
    labelNames: ['edge', 'code'] as const,
    registers: [this.registry],
  });
  private readonly messages = new Counter({
    name: 'roost_ingested_messages_total',
    help: 'Messages that came in, by way and by what became of them.',
    labelNames: ['source', 'outcome'] as const,
    registers: [this.registry],
  });
  private readonly outgoing = new Counter({
    name: 'roost_outgoing_messages_total',
    help: 'Attempts to hand a message over, by way and by what became of them.',
    labelNames: ['via', 'outcome'] as const,
    registers: [this.registry],
  });
  private readonly closings = new Counter({
    name: 'roost_sockets_closed_total',
    help: 'Sockets that ended, by close code.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });
  private readonly groupCalls = new Histogram({
    name: 'roost_commit_calls',
    help: 'Commands that shared one transaction.',
    buckets: GROUP_CALLS,
    registers: [this.registry],
  });
  private readonly commitSeconds = new Histogram({
    name: 'roost_commit_seconds',
    help: 'Time one transaction of commands took.',
    buckets: COMMIT_SECONDS,
    registers: [this.registry],
  });

  /** Also measures the process itself: memory, event loop, garbage collection. */
  measureProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  answered(method: string, route: string, status: number, ms: number): void {
    this.requests.observe({ method, route, status }, ms / 1000);
  }

  /** To be called wherever a failure is told, once each time. */
  failed(edge: Edge, code: FailureCode): void {
    this.failures.inc({ edge, code });
  }

  ingested(
    source: 'http' | 'smtp' | 'pipe' | 'whatsapp',
    outcome: 'stored' | 'repeated' | 'refused' | 'unplaced',
    count = 1,
  ): void {
    this.messages.inc({ source, outcome }, count);
  }

  handedOver(via: string, outcome: 'sent' | 'later' | 'failed' | 'unknown'): void {
    this.outgoing.inc({ via, outcome });
  }

  /** @param code  of the WebSocket; codes nobody knows are one figure, or clients could make any number of them */
  closed(code: number): void {
    const isKnown = (code >= 1000 && code <= 1015) || CLOSE_CODES.has(code);
    this.closings.inc({ code: isKnown ? code : 'other' });
  }

  committed(callCount: number, ms: number): void {
    this.groupCalls.observe(callCount);
    this.commitSeconds.observe(ms / 1000);
  }

  /** A figure that goes up and down, read when somebody asks. */
  gauge(name: `roost_${string}`, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A figure that only grows, kept elsewhere and read when somebody asks. */
  total(name: `roost_${string}_total`, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
