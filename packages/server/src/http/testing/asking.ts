import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { z } from 'zod';
import { failuresOf, type Route } from '../route.ts';
import type { Person } from './place.ts';
import type { Request } from './route-table.ts';
import type { World } from './world.ts';

/** What became of a request, as far as permission goes; anything else is told by its status and code. */
export type Outcome = 'allowed' | 'unauthenticated' | 'forbidden' | 'unknown' | `${number} ${string}`;

export function keyOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

export function routeOf(world: World, key: string): Route {
  const route = world.routes.find((one) => keyOf(one) === key);
  if (!route) throw new Error(`No route is served as ${key}.`);
  return route;
}

/** Asks a route, and holds the answer against what the route declares: status, shape, media type, failure. */
export async function askRoute(
  world: World,
  route: Route,
  { params = {}, query, body, headers = {} }: Request,
  asker: Pick<Person, 'token'> | null,
): Promise<LightMyRequestResponse> {
  const path = route.path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The request names no “${name}”.`);
    return encodeURIComponent(value);
  });
  const answer = await world.ask(route.method, query === undefined ? path : `${path}?${query}`, {
    token: asker?.token,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
  });
  assertDeclared(route, answer);
  return answer;
}

export function outcomeOf(answer: LightMyRequestResponse): Outcome {
  const { statusCode: status } = answer;
  if (status < 400) return 'allowed';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown';
  return `${status} ${answer.json().code}: ${answer.json().detail}`;
}

function assertDeclared(route: Route, answer: LightMyRequestResponse): void {
  const { statusCode: status } = answer;
  if (status >= 400 && !(status in route.answers)) {
    expect(failuresOf(route), `failures of ${keyOf(route)}`).toContain(answer.json().code);
    return;
  }
  expect(Object.keys(route.answers), `answers of ${keyOf(route)}`).toContain(String(status));
  const shape = route.answers[status];
  const type = String(answer.headers['content-type']);
  if (shape === null || shape === undefined) expect(answer.body).toBe('');
  else if (!(shape instanceof z.ZodType)) {
    if (shape.type !== '*/*') expect(type.startsWith(shape.type.replace(/\*$/, ''))).toBe(true);
  } else {
    expect(type).toMatch(/^application\/json/);
    expect(shape.safeParse(answer.json()).error, `answer of ${keyOf(route)}`).toBeUndefined();
  }
}
