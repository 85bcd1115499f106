import type { Readable } from 'node:stream';
import type { FailureCode } from '@roost/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Permission } from '../commands/index.ts';
import type { Caller, Rates } from './needs.ts';
import type { Tag } from './tags.ts';

/** Lets nobody-in-particular in: nobody is asked for a token, and the handler gets no caller. */
export type Anyone = 'anyone';

/** A body whose bytes count as they came: a mail, a file, a webhook with a signature over them. */
export interface Bytes {
  readonly kind: 'bytes';
  /** Media types that are taken; `*` for any. */
  readonly types: readonly string[];
}

/** A body that is too large for memory: the handler reads it piece by piece, and holds it to a bound. */
export interface Streamed {
  readonly kind: 'streamed';
  /** Media types that are taken; `*` for any. */
  readonly types: readonly string[];
}

/** A JSON body of one of two shapes, told apart by one field. */
export interface Either<Has extends z.ZodType = z.ZodType, Lacks extends z.ZodType = z.ZodType> {
  readonly kind: 'either';
  readonly field: string;
  readonly has: Has;
  readonly lacks: Lacks;
}

export type BodyShape = z.ZodType | Bytes | Streamed | Either;

/** What an answer holds: JSON of a schema, another media type, or nothing at all. */
export type AnswerShape = z.ZodType | { readonly type: string } | null;

/** Whose requests are counted together, and by which policy; see rate-limit.ts. */
export type RateClass = keyof Rates | 'unlimited';

type Read<Shape> = Shape extends Bytes
  ? Buffer
  : Shape extends Streamed
    ? Readable
    : Shape extends Either<infer Has, infer Lacks>
      ? z.output<Has> | z.output<Lacks>
      : Shape extends z.ZodType
        ? z.output<Shape>
        : undefined;

/** A request as the handler gets it: who asks, and what was checked already. */
export interface Asked<
  May = Permission | Anyone,
  Params = z.ZodType | undefined,
  Query = z.ZodType | undefined,
  Body = BodyShape | undefined,
> {
  readonly caller: May extends Anyone ? null : Caller;
  readonly params: Read<Params>;
  readonly query: Read<Query>;
  readonly body: Read<Body>;
  /** The Idempotency-Key of a write; hand it to the bus. */
  readonly writeId: string | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One route: all that serving, documents and tests know of it. */
export interface RouteSpec<
  May extends Permission | Anyone = Permission | Anyone,
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends BodyShape | undefined = BodyShape | undefined,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters as `:id`; each is a field of `params`. */
  readonly path: string;
  readonly tag: Tag;
  /** One line, as a heading. */
  readonly summary: string;
  /** What else a caller should know; Markdown. */
  readonly description?: string;
  /** Checked before the body is read, and again by the command or query in its transaction. */
  readonly may: May;
  readonly params?: Params;
  readonly query?: Query;
  /** Request headers it knows besides the usual ones, with what they say; for documents only. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** The server's own bound when left out. */
  readonly bodyMaxBytes?: number;
  /** By status. What the handler returns is sent with the first; failures need not be listed. */
  readonly answers: Readonly<Record<number, AnswerShape>>;
  /** Failures of its own, besides those that follow from the rest; see {@link failuresOf}. */
  readonly errors: readonly FailureCode[];
  /** A write that goes by the bus and takes an `Idempotency-Key`. Says `false` where a method that writes does not. */
  readonly write?: boolean;
  /** `person` when left out, or `address` where anyone may. */
  readonly rate?: RateClass;
  /** Asked once the caller is known and before the body is read. Throws what refuses the request. */
  admit?(request: FastifyRequest, reply: FastifyReply): void;
  /** Returns what is sent as JSON, or the reply when it was sent already. */
  handle(asked: Asked<May, Params, Query, Body>): unknown;
}

/** A route whose handler's types are settled. */
export type Route = Omit<RouteSpec, 'handle'> & { handle(asked: Asked): unknown };

/** Declares a route; the handler gets its params, query and body typed and checked. */
export function route<
  const May extends Permission | Anyone,
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends BodyShape | undefined = undefined,
>(spec: RouteSpec<May, Params, Query, Body>): Route {
  return spec as unknown as Route;
}

export function bytes(...types: string[]): Bytes {
  return { kind: 'bytes', types };
}

export function streamed(...types: string[]): Streamed {
  return { kind: 'streamed', types };
}

/** A body with `field` has one shape, a body without it the other. */
export function either<Has extends z.ZodType, Lacks extends z.ZodType>(
  field: string,
  has: Has,
  lacks: Lacks,
): Either<Has, Lacks> {
  return { kind: 'either', field, has, lacks };
}

/** What a write answers that has nothing else to tell. */
export const written = z.object({ offset: z.int() }).meta({ description: 'Offset at which it took effect.' });

/** `:id` in a path. */
export const idParam = z.object({ id: z.string().min(1).max(200) });

/** Every failure a route can answer with: its own, and those that follow from what it takes. */
export function failuresOf(route: Route): FailureCode[] {
  const { may, params, query, body, write } = route;
  const codes: FailureCode[] = [...route.errors];
  if (may !== 'anyone') codes.push('token.missing', 'token.invalid', 'access.forbidden');
  if (params || query || (body && !isBytes(body) && !isStreamed(body)) || write)
    codes.push('request.invalid');
  if (body) codes.push('request.malformed', 'request.too_big', 'request.wrong_type');
  if (write) codes.push('request.repeated', 'store.full');
  if (rateClassOf(route) !== 'unlimited') codes.push('request.too_many');
  codes.push('store.unavailable', 'server.failed');
  return [...new Set(codes)];
}

export function rateClassOf({ rate, may }: Route): RateClass {
  return rate ?? (may === 'anyone' ? 'address' : 'person');
}

export function isBytes(body: BodyShape): body is Bytes {
  return 'kind' in body && body.kind === 'bytes';
}

export function isStreamed(body: BodyShape): body is Streamed {
  return 'kind' in body && body.kind === 'streamed';
}

export function isEither(body: BodyShape): body is Either {
  return 'kind' in body && body.kind === 'either';
}

/** The status a handler's answer is sent with: the first of 2xx. */
export function statusOf({ answers }: Route): number {
  return Number(Object.keys(answers).find((status) => status.startsWith('2')) ?? 200);
}
