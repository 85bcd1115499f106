import type { FailureCode } from '@roost/protocol';
import type { GatewayObserver } from './gateway/index.ts';
import type { Metrics } from './metrics.ts';

/** What the gateway does, as figures. Plain numbers that are read when somebody asks: it calls these often. */
export function gatewayObserver(metrics: Metrics): GatewayObserver {
  const seen = { connections: 0, framesIn: 0, bytesOut: 0, stopped: 0 };
  metrics.gauge('roost_connections', 'Sockets open now.', () => seen.connections);
  metrics.total('roost_frames_in_total', 'Frames that clients sent.', () => seen.framesIn);
  metrics.total('roost_bytes_out_total', 'Bytes handed to sockets.', () => seen.bytesOut);
  metrics.total(
    'roost_slow_readers_total',
    'Times a reader was past its bound and told nothing until it drained.',
    () => seen.stopped,
  );
  return {
    connections(count) {
      seen.connections = count;
    },
    closed: (code) => metrics.closed(code),
    failed: (code: FailureCode) => metrics.failed('socket', code),
    framesIn(count) {
      seen.framesIn += count;
    },
    bytesOut(count) {
      seen.bytesOut += count;
    },
    stopped() {
      seen.stopped += 1;
    },
  };
}
