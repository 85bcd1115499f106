import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { asyncApiOf } from './asyncapi.ts';
import { openApiOf } from './openapi.ts';
import { documentsPage } from './page.ts';
import { pageStyle } from './page-style.ts';

const STYLE_DIGEST = createHash('sha256').update(pageStyle).digest('base64');
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The documents of all routes and of the socket, for programs and for people. Made when first asked for. */
export function documentRoutes(routes: () => readonly Route[], version: string): Route[] {
  const rest = once(() => openApiOf(routes(), version));
  const socket = once(() => asyncApiOf(version));
  const restText = once(() => fixed(JSON.stringify(rest())));
  const socketText = once(() => fixed(JSON.stringify(socket())));
  const page = once(() => fixed(documentsPage(rest(), socket())));

  const json = z.looseObject({});
  const common = { method: 'GET', tag: 'Server', may: 'anyone', errors: [] } as const;
  return [
    route({
      ...common,
      path: '/api/v1/openapi.json',
      summary: 'These routes, as OpenAPI 3.1',
      answers: { 200: json, 304: null },
      handle: ({ request, reply }) => sendFixed(request, reply.type('application/json'), restText()),
    }),
    route({
      ...common,
      path: '/api/v1/asyncapi.json',
      summary: 'The socket, as AsyncAPI 3.0',
      answers: { 200: json, 304: null },
      handle: ({ request, reply }) => sendFixed(request, reply.type('application/json'), socketText()),
    }),
    route({
      ...common,
      path: '/api/docs',
      summary: 'Both documents as a page for people',
      answers: { 200: { type: 'text/html' }, 304: null },
      handle: ({ request, reply }) =>
        sendFixed(
          request,
          reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY),
          page(),
        ),
    }),
  ];
}

interface Fixed {
  readonly text: string;
  readonly etag: string;
}

function fixed(text: string): Fixed {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

function sendFixed(request: FastifyRequest, reply: FastifyReply, { text, etag }: Fixed): FastifyReply {
  reply.header('etag', etag).header('cache-control', 'no-cache');
  return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(text);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
