import type { Random } from '../clock.ts';
import type { Fanout, Hint } from '../sync/fanout/index.ts';
import { between } from './chance.ts';
import type { VirtualTime } from './time.ts';

/** Hints between nodes over something that promises nothing: lost, doubled, late and out of order. */
export class LossyNetwork {
  private readonly handlers = new Set<(hint: Hint) => void>();
  private loss = 0.2;
  private delayMaxMs = 50;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  worsen(): void {
    this.loss = 0.9;
    this.delayMaxMs = 3_000;
  }

  heal(): void {
    this.loss = 0.2;
    this.delayMaxMs = 50;
  }

  join(): Fanout {
    let mine: ((hint: Hint) => void) | null = null;
    return {
      publish: (hint) => {
        for (const handler of this.handlers) if (handler !== mine) this.tell(handler, hint);
      },
      onHint: (handler) => {
        mine = handler;
        this.handlers.add(handler);
      },
      isHealthy: () => true,
      close: async () => {
        if (mine) this.handlers.delete(mine);
      },
    };
  }

  private tell(handler: (hint: Hint) => void, hint: Hint): void {
    const copies = this.random() < this.loss ? 0 : this.random() < 0.2 ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      this.time.after(between(this.random, 0, this.delayMaxMs), () => {
        if (this.handlers.has(handler)) handler(hint);
      });
  }
}
