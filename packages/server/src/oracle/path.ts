import type { Random } from '../clock.ts';
import { between } from './chance.ts';

/** The network between one reader and the servers, with what is wrong with it. */
export class Path {
  /** Least and most, one way. */
  latencyMs: readonly [number, number] = [1, 20];
  /** Nothing passes, and both ends may notice. */
  isDown = false;
  /** A proxy that lets requests pass, but no sockets: it says so, or says nothing. */
  sockets: 'pass' | 'refused' | 'swallowed' = 'pass';
  /** The reader takes what is sent to it a frame at a time. */
  isSlow = false;
  /** The next attempt to connect reaches a server twice. */
  doublesNext = false;
  /** Answers to requests never arrive. */
  swallowsAnswers = false;

  constructor(private readonly random: Random) {}

  delayMs(): number {
    return between(this.random, ...this.latencyMs);
  }

  /** What is written together need not arrive together. */
  jitterMs(): number {
    return this.random() < 0.7 ? 0 : this.random() * 3;
  }

  heal(): void {
    this.latencyMs = [1, 20];
    this.isDown = this.isSlow = this.doublesNext = this.swallowsAnswers = false;
    this.sockets = 'pass';
  }
}
