import { type Html, html, inline, prose } from './html.ts';
import type { Content, OpenApi, Operation } from './openapi.ts';
import { boundsHtml, hasFields, schemaHtml, typeHtml } from './schema-html.ts';

/** One route: where, who may, what it takes, what it answers, how it fails. */
export function operationHtml(path: string, method: string, operation: Operation): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const statuses = Object.entries(responses);
  const answers = statuses.filter(([, { content }]) => !isRefusal(content));
  const refusals = statuses.filter(([, { content }]) => isRefusal(content));
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <p class="address"><span class="method">${method.toUpperCase()}</span> ${path}</p>
    ${description === undefined ? null : prose(description)}
    <p class="note">${whoMay(operation)}</p>
    ${parameters.length === 0 ? null : parametersHtml(parameters)}
    ${requestBody ? html`<h4>Body</h4>${contentHtml(requestBody.content)}` : null}
    ${answers.map(
      ([status, { description: words, content }]) =>
        html`<h4>Answer ${status}: ${words}</h4>${content ? contentHtml(content) : null}`,
    )}
    <details><summary>How it fails</summary>
      <div class="scroll"><table>${refusals.map(
        ([status, refusal]) =>
          html`<tr><th>${status}</th><td>${refusal.description.split('\n\n').map((line) => html`<p>${inline(line)}</p>`)}</td></tr>`,
      )}</table></div>
    </details>
  </article>`;
}

/** Who may, in words. */
function whoMay(operation: Operation): string {
  const { 'x-roles': roles, 'x-scope': scope } = operation;
  if (!roles) return 'Open to everybody.';
  const tokens = scope === undefined ? 'not for API tokens' : `API tokens need the scope “${scope}”`;
  return `For ${roles.join(', ')}; ${tokens}.`;
}

function isRefusal(content: Content | undefined): boolean {
  return content !== undefined && 'application/problem+json' in content;
}

function parametersHtml(parameters: NonNullable<Operation['parameters']>): Html {
  const rows = parameters.map(
    ({ name, in: where, required, description, schema }) => html`<tr>
      <th><code>${name}</code></th>
      <td>${where}${required ? null : ', optional'}</td>
      <td>${typeHtml(schema, 'rest')}${boundsHtml(schema)}${
        description === undefined ? null : html`<br>${inline(description)}`
      }</td>
    </tr>`,
  );
  return html`<h4>Parameters</h4><div class="scroll"><table>${rows}</table></div>`;
}

function contentHtml(content: Content): Html {
  const types = Object.entries(content).map(([type, { schema }]) =>
    schema
      ? html`<p><code>${type}</code> ${hasFields(schema) ? null : typeHtml(schema, 'rest')}</p>${schemaHtml(schema, 'rest')}`
      : html`<p><code>${type}</code></p>`,
  );
  return html`${types}`;
}

/** Every operation of a group, with where it is and how. */
export function operationsOf(rest: OpenApi, tag: string): [path: string, method: string, Operation][] {
  return Object.entries(rest.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(tag))
      .map(([method, operation]): [string, string, Operation] => [path, method, operation]),
  );
}
