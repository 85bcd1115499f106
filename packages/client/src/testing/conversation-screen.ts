import type { OutboxEntry } from '../outbox.ts';
import type { World } from './world.ts';

/** A conversation as a page shows it: its thread, and below it what waits to be sent. Judged at every change. */
export class ConversationScreen {
  /** What was wrong at any moment. */
  readonly faults: string[] = [];
  private readonly texts: string[] = [];
  readonly close: () => void;

  constructor(
    private readonly world: World,
    readonly id: string,
  ) {
    const { client } = world;
    const look = () => this.look();
    const leaves = [
      client.list(`thread:${id}`).subscribe(look),
      client.outbox(id).subscribe(look),
      client.list(`conversation:${id}`).subscribe(look),
    ];
    this.close = () => {
      for (const leave of leaves) leave();
    };
  }

  /** Sends a text that nobody has sent before; from now on it must be on the screen, once. */
  send(text: string, more: object = {}): void {
    this.texts.push(text);
    this.world.client.send(this.id, { text, ...more });
    this.look();
  }

  /** It is no longer expected on the screen. */
  letGo(text: string): void {
    this.texts.splice(this.texts.indexOf(text), 1);
  }

  get pending(): readonly OutboxEntry[] {
    return this.world.client.outbox(this.id).getSnapshot();
  }

  /** Texts of the thread, oldest first. */
  get said(): string[] {
    const { rows } = this.world.client.list(`thread:${this.id}`).getSnapshot();
    return rows.map(({ text }) => text ?? '').reverse();
  }

  get waiting(): string[] {
    return this.pending.map(({ draft }) => draft.text ?? '');
  }

  look(): void {
    const shown = [...this.said, ...this.waiting];
    for (const text of this.texts) {
      const count = shown.filter((each) => each === text).length;
      if (count !== 1) this.faults.push(`“${text}” ${count} times among ${shown.join(', ')}`);
    }
  }
}
