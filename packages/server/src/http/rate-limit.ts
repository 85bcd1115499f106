import { Failure } from '@roost/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { networkOf } from '../network.ts';
import type { Rates } from './needs.ts';
import type { RateClass } from './route.ts';

const WINDOW_SECONDS = 60;
/** Buckets remembered of each policy; past this the one longest unheard of is forgotten, and full when it comes back. */
const REMEMBERED_MAX = 20_000;

/** Too many requests. `retryAfterMs` says when there is one more. */
export class TooManyRequests extends Failure {
  constructor(
    policy: string,
    readonly retryAfterMs: number,
  ) {
    super('request.too_many', undefined, { about: { policy } });
  }
}

/**
 * Counts requests by whose they are: a full bucket each, that fills up again steadily, a minute from empty to full.
 * Told by `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11).
 */
export class RateLimits {
  private readonly policies: ReadonlyMap<string, Policy>;

  constructor(
    rates: Rates,
    private readonly clock: { now(): number },
  ) {
    const limited = Object.entries(rates).filter(([, perMinute]) => perMinute > 0);
    this.policies = new Map(limited.map(([name, quota]) => [name, new Policy(name, quota)]));
  }

  /**
   * Takes one request, and says on the reply what is left.
   *
   * @throws TooManyRequests  there is none left; nothing was taken
   */
  take(rate: RateClass, request: FastifyRequest, reply: FastifyReply): void {
    const policy = this.policies.get(rate);
    if (!policy) return;
    const left = policy.take(whoseIs(request), this.clock.now());
    reply.header('ratelimit-policy', policy.says).header('ratelimit', policy.saysLeft(left));
    if (left < 0) throw new TooManyRequests(policy.name, policy.untilNextMs(left));
  }
}

/** The person or API token where one is known, and the network address where none is. */
function whoseIs({ caller, ip }: FastifyRequest): string {
  if (caller === null) return networkOf(ip);
  const { actor, user_id } = caller;
  return actor.kind === 'token' ? actor.token_id : user_id;
}

interface Bucket {
  /** Whole and broken requests that may still come. */
  left: number;
  /** When that was so, ms since 1970 UTC. */
  at: number;
}

class Policy {
  readonly says: string;
  private readonly perMs: number;
  private readonly buckets = new LRUCache<string, Bucket>({ max: REMEMBERED_MAX });

  constructor(
    readonly name: string,
    private readonly quota: number,
  ) {
    this.says = `"${name}";q=${quota};w=${WINDOW_SECONDS}`;
    this.perMs = quota / (WINDOW_SECONDS * 1000);
  }

  /** What is left after one more was taken; below zero, and nothing taken, where there was none. */
  take(key: string, now: number): number {
    const bucket = this.buckets.get(key);
    if (!bucket) {
      this.buckets.set(key, { left: this.quota - 1, at: now });
      return this.quota - 1;
    }
    // A wall clock that stepped back gives nothing, and takes nothing away.
    bucket.left = Math.min(this.quota, bucket.left + Math.max(0, now - bucket.at) * this.perMs);
    bucket.at = now;
    if (bucket.left < 1) return bucket.left - 1;
    bucket.left -= 1;
    return bucket.left;
  }

  saysLeft(left: number): string {
    const whole = Math.max(0, Math.floor(left));
    return `"${this.name}";r=${whole};t=${Math.max(1, Math.ceil(this.untilNextMs(left) / 1000))}`;
  }

  /** Until there is one request more than can be made now. */
  untilNextMs(left: number): number {
    return (Math.floor(left) + 1 - left) / this.perMs;
  }
}
