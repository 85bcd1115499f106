import type { Fanout, Hint } from './fanout.ts';

type Handler = (hint: Hint) => void;

/** Nodes of one process. A node alone talks to nobody, which is what it needs. */
export class MemoryNetwork {
  private readonly nodes = new Set<{ handler: Handler | null }>();

  join(): Fanout {
    const node: { handler: Handler | null } = { handler: null };
    const { nodes } = this;
    nodes.add(node);
    return {
      publish(hint) {
        for (const other of nodes) if (other !== node) queueMicrotask(() => other.handler?.(hint));
      },
      onHint(handler) {
        node.handler = handler;
      },
      isHealthy: () => true,
      async close() {
        node.handler = null;
        nodes.delete(node);
      },
    };
  }
}
