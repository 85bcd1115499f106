import { type Html, html, inline } from './html.ts';
import type { Schema } from './schemas.ts';

/** How deep nested objects are shown in place. */
const DEPTH_MAX = 6;
const COMPONENT = '#/components/schemas/';

/** A schema as people read it: its type in a few words, and its fields as a list. */
export function schemaHtml(schema: Schema, anchor: string, depth = 0): Html {
  const { properties, required = [] } = schema as {
    properties?: Readonly<Record<string, Schema>>;
    required?: readonly string[];
  };
  if (depth > DEPTH_MAX) return html`<span class="type">…</span>`;
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) =>
      fieldHtml(name, field, required.includes(name), anchor, depth),
    );
    return html`<ul class="fields">${fields}</ul>`;
  }
  const { items } = schema as { items?: Schema };
  if (items && hasFields(items)) return schemaHtml(items, anchor, depth);
  const alternatives = alternativesOf(schema);
  if (!alternatives.some(hasFields)) return html``;
  return html`${alternatives.map(
    (one) =>
      html`<div class="alternative">${
        hasFields(one) ? schemaHtml(one, anchor, depth + 1) : typeHtml(one, anchor)
      }</div>`,
  )}`;
}

function fieldHtml(name: string, field: Schema, isRequired: boolean, anchor: string, depth: number): Html {
  const { description } = field as { description?: string };
  return html`<li>
    <div class="field"><code class="name">${name}</code> ${typeHtml(field, anchor)}${
      isRequired ? null : html`<span class="note">, optional</span>`
    }${boundsHtml(field)}</div>
    ${description === undefined ? null : html`<p>${inline(description)}</p>`}
    ${hasFields(field) ? schemaHtml(field, anchor, depth + 1) : null}
  </li>`;
}

/** A type in a few words; a named one leads to where it stands. */
export function typeHtml(schema: Schema, anchor: string): Html {
  const {
    $ref,
    type,
    items,
    enum: values,
  } = schema as {
    $ref?: string;
    type?: string | readonly string[];
    items?: Schema;
    enum?: readonly unknown[];
  };
  if ($ref !== undefined) {
    const name = $ref.slice(COMPONENT.length);
    return html`<a class="type" href="#${anchor}-${name}">${name}</a>`;
  }
  if ('const' in schema) return html`<span class="type"><code>${JSON.stringify(schema.const)}</code></span>`;
  if (values) {
    return html`<span class="type">${joined(values.map((value) => html`<code>${String(value)}</code>`))}</span>`;
  }
  if (items) return html`<span class="type">array of</span> ${typeHtml(items, anchor)}`;
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return joined(alternatives.map((one) => typeHtml(one, anchor)));
  const { format } = schema as { format?: string };
  const words = [type ?? 'anything'].flat().join(' or ');
  return html`<span class="type">${format === undefined ? words : `${words} (${format})`}</span>`;
}

/** Whether there is more to show of it than its type in a few words. */
export function hasFields(schema: Schema): boolean {
  const { properties, items } = schema as { properties?: Schema; items?: Schema };
  if (properties) return Object.keys(properties).length > 0;
  return items ? hasFields(items) : alternativesOf(schema).some(hasFields);
}

function alternativesOf(schema: Schema): readonly Schema[] {
  const { anyOf, oneOf, allOf } = schema as Record<string, readonly Schema[] | undefined>;
  return anyOf ?? oneOf ?? allOf ?? [];
}

const BOUNDS: Readonly<Record<string, string>> = {
  minLength: 'at least %d characters',
  maxLength: 'at most %d characters',
  minimum: 'at least %d',
  maximum: 'at most %d',
  minItems: 'at least %d',
  maxItems: 'at most %d',
  default: '%d when left out',
};

export function boundsHtml(schema: Schema): Html | null {
  const said = Object.entries(BOUNDS).flatMap(([key, words]) =>
    key in schema
      ? [isOne(key, schema) ? 'not empty' : words.replace('%d', JSON.stringify(schema[key]))]
      : [],
  );
  return said.length === 0 ? null : html`<span class="note">, ${said.join(', ')}</span>`;
}

function isOne(key: string, schema: Schema): boolean {
  return (key === 'minLength' || key === 'minItems') && schema[key] === 1;
}

function joined(pieces: readonly Html[]): Html {
  return html`${pieces.map((piece, index) => (index === 0 ? piece : html`<span class="type"> or </span>${piece}`))}`;
}
