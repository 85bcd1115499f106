import { Failure } from '@roost/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Bodies are read whole before they are worked on, so what all of them together may hold has a bound. Past it the
 * sender is told to come back, before it has sent anything.
 */
export class BodyBudget {
  private heldBytes = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * Takes what a request is going to hold, and gives it back when it has been answered or the client is gone.
   * One request is always let in, however large.
   *
   * @param mostBytes  what is counted for a body of unknown length
   * @throws request.too_many
   */
  admit(request: FastifyRequest, reply: FastifyReply, mostBytes: number): void {
    const length = Number(request.headers['content-length'] ?? mostBytes);
    const bytes = Math.min(Number.isFinite(length) ? length : mostBytes, mostBytes);
    if (this.heldBytes > 0 && this.heldBytes + bytes > this.maxBytes) {
      throw new Failure('request.too_many', 'Too much mail is being taken in at once; wait a little.');
    }
    this.heldBytes += bytes;
    reply.raw.once('close', () => {
      this.heldBytes -= bytes;
    });
  }
}
