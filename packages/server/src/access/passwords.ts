import { hash, verify } from '@node-rs/argon2';
import { Failure } from '@roost/protocol';

/** What OWASP recommends for argon2id, the library's default kind: about 30 ms and 19 MiB each. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashing at once: more would take the processor from those who are signed in already. */
const HASHING_MAX = 2;
/** Callers that may wait for it, a few seconds' worth. */
const WAITING_MAX = 100;

/** Hashes and checks passwords, off the event loop and never many at once. */
export class Passwords {
  private hashing = 0;
  private readonly waiting: (() => void)[] = [];
  private nobodys: Promise<string> | null = null;

  /** @throws request.too_many  too many wait already */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Whether the password is right. Takes as long when there is none to compare with, so that the time tells
   * nobody which accounts exist.
   *
   * @throws request.too_many  too many wait already
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    this.nobodys ??= this.hash('nobody has this password');
    const against = stored ?? (await this.nobodys);
    const isRight = await this.inTurn(() => verify(against, password));
    return isRight && stored !== null;
  }

  private async inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.hashing >= HASHING_MAX) {
      if (this.waiting.length >= WAITING_MAX) throw new Failure('request.too_many');
      await new Promise<void>((resume) => this.waiting.push(resume));
    } else {
      this.hashing += 1;
    }
    try {
      return await run();
    } finally {
      // The place goes to whoever waits longest; only with nobody waiting does it become free.
      const next = this.waiting.shift();
      if (next) next();
      else this.hashing -= 1;
    }
  }
}
