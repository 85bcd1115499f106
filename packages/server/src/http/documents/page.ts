import type { AsyncApi, Message } from './asyncapi.ts';
import { Html, html, inline, prose } from './html.ts';
import type { OpenApi } from './openapi.ts';
import { operationHtml, operationsOf } from './operation-html.ts';
import { pageStyle } from './page-style.ts';
import { hasFields, schemaHtml, typeHtml } from './schema-html.ts';
import type { Schema } from './schemas.ts';

/** Both documents as one page that needs no script. */
export function documentsPage(rest: OpenApi, socket: AsyncApi): string {
  const { messages, schemas } = socket.components;
  const hasSocketShapes = Object.keys(schemas).length > 0;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roost: the API</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#top">To the text</a>
<div class="columns">
<nav aria-label="Contents">
  <a href="/">Roost</a>
  ${rest.tags.map(({ name }) => contentsOf(rest, name))}
  <h2><a href="#socket">The socket</a></h2>
  <ul>${Object.entries(messages).map(
    ([key, { name }]) => html`<li><a href="#${key}">${arrowOf(key)} ${name}</a></li>`,
  )}</ul>
  <h2>Shapes</h2>
  <ul>
    <li><a href="#rest-shapes">Of REST</a></li>
    ${hasSocketShapes ? html`<li><a href="#socket-shapes">Of the socket</a></li>` : null}
  </ul>
</nav>
<main id="top">
  <h1>The API of Roost</h1>
  <p class="note">Version ${rest.info.version}. For programs: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>,
    <a href="/api/v1/asyncapi.json">AsyncAPI 3.0</a>.</p>
  ${prose(rest.info.description)}
  ${rest.tags.map(
    ({ name, description }) => html`<section>
      <h2 id="tag-${name}">${name}</h2>${prose(description)}
      ${operationsOf(rest, name).map(([path, method, one]) => operationHtml(path, method, one))}
    </section>`,
  )}
  <section>
    <h2 id="socket">The socket</h2>
    <p class="address">${socket.channels.socket.address}</p>
    ${prose(socket.info.description)}
    ${Object.entries(messages).map(([key, message]) => messageHtml(key, message, socket))}
  </section>
  ${shapesHtml('rest', 'Shapes of REST', rest.components.schemas)}
  ${hasSocketShapes ? shapesHtml('socket', 'Shapes of the socket', schemas) : null}
</main>
</div>
</body>
</html>
`.text;
}

function contentsOf(rest: OpenApi, tag: string): Html {
  const routes = operationsOf(rest, tag).map(
    ([, , { operationId, summary }]) => html`<li><a href="#${operationId}">${summary}</a></li>`,
  );
  return html`<h2><a href="#tag-${tag}">${tag}</a></h2><ul>${routes}</ul>`;
}

/** From the client to the server, or back. */
function arrowOf(key: string): string {
  return key.startsWith('up.') ? '→' : '←';
}

function messageHtml(key: string, { name, summary, payload }: Message, socket: AsyncApi): Html {
  const { reply } = socket.operations[key.replace(/^up\./, 'receive.').replace(/^down\./, 'send.')] ?? {};
  const answers = reply?.messages.map(({ $ref }) => $ref.split('/').at(-1) as string) ?? [];
  return html`<article id="${key}">
    <h3>${arrowOf(key)} <code>${name}</code> <span class="note">${
      key.startsWith('up.') ? 'from the client' : 'from the server'
    }</span></h3>
    <p>${inline(summary)}</p>
    ${schemaHtml(payload, 'socket')}
    ${
      answers.length === 0
        ? null
        : html`<p class="note">Answered by ${answers.map(
            (answer, index) =>
              html`${index === 0 ? '' : ', '}<a href="#${answer}">${answer.replace(/^down\./, '')}</a>`,
          )}.</p>`
    }
  </article>`;
}

function shapesHtml(anchor: string, title: string, schemas: Readonly<Record<string, Schema>>): Html {
  const shapes = Object.entries(schemas).map(([name, schema]) => {
    const { description } = schema as { description?: string };
    return html`<article id="${anchor}-${name}">
      <h3>${name}</h3>${description === undefined ? null : prose(description)}
      ${hasFields(schema) ? schemaHtml(schema, anchor) : html`<p>${typeHtml(schema, anchor)}</p>`}
    </article>`;
  });
  return html`<section><h2 id="${anchor}-shapes">${title}</h2>${shapes}</section>`;
}
