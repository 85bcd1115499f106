import type { Clock, Random } from '../../clock.ts';
import type { WhatsAppSimulator } from './index.ts';

const NAMES = [
  'Ann Lee',
  'Bo Berg',
  'Cyrus Dahl',
  'Dana Ito',
  'Emil Fox',
  'Farah Noor',
  'Gil Amar',
  'Hana Novak',
];
const OPENINGS = [
  'Hi! Is the blue one still available?',
  'My order has not arrived yet.',
  'Could you call me back this afternoon?',
  'How long is the warranty?',
  'Do you ship to Norway?',
  'The invoice seems wrong, can you check?',
];
const REPLIES = ['Thanks!', 'Great, that helps.', 'One more question…', 'OK, I will wait.', '👍', 'Perfect.'];
/** Customers think before they answer. */
const THINK_MS = 1_500;

/** Customers who write by themselves now and then, and answer what they are told. */
export class LiveTalk {
  private readonly cancels = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly simulator: WhatsAppSimulator,
    private readonly pace: { readonly count: number; readonly everyMs: number },
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    if (pace.count === 0) return;
    this.next();
    simulator.onSent(({ to, type }) => {
      if (type !== 'reaction' && this.random() < 0.7)
        this.later(THINK_MS, () => this.say(to, this.oneOf(REPLIES)));
    });
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  private next(): void {
    this.later(this.pace.everyMs * (0.5 + this.random()), () => {
      this.say(this.numberOf(Math.floor(this.random() * this.pace.count)), this.oneOf(OPENINGS));
      this.next();
    });
  }

  private say(from: string, text: string): void {
    const at = Math.max(0, Number(from) - FIRST_NUMBER);
    const name = NAMES[at % NAMES.length] ?? 'Ann Lee';
    const picture = this.random() < 0.1 ? { image: { caption: text } } : { text };
    this.simulator.say({ from, name, ...picture });
  }

  private numberOf(at: number): string {
    return String(FIRST_NUMBER + at);
  }

  private oneOf(words: readonly string[]): string {
    return words[Math.floor(this.random() * words.length)] ?? '';
  }

  private later(ms: number, run: () => void): void {
    if (this.stopped) return;
    const cancel = this.clock.after(ms, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
  }
}

const FIRST_NUMBER = 16_505_550_100;
