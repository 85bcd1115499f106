import * as shapes from '@roost/protocol/schema';
import { z } from 'zod';

/** A JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>;
/** Reusable schemas by name, filled while a document is made. */
export type Components = Map<string, Schema>;

/** What a client sends, or what it gets: defaults and unknown fields differ. */
export type Side = 'sent' | 'answered';

/** A schema as the one field of an object, so that it may itself be one that is named. */
interface Wrapped {
  readonly properties: { readonly value: Schema };
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const COMPONENT = '#/components/schemas/';

/**
 * Every shape that the protocol exports stands once in a document, under its own name: `messageRow` as `Message`, the
 * data of the event `message:sent` as `message_sent`.
 */
const names = new Map<z.core.$ZodType, string>([
  ...Object.entries(shapes).flatMap(([name, shape]) =>
    shape instanceof z.ZodType ? [[shape, nameOf(name)] as const] : [],
  ),
  ...Object.entries(shapes.eventData).map(([event, shape]) => [shape, event.replace(':', '_')] as const),
]);

/** Words about a schema, and the name under which it is reused. */
class Named extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get(schema: z.core.$ZodType): z.core.GlobalMeta | undefined {
    const words = z.globalRegistry.get(schema);
    const id = names.get(schema);
    return id === undefined ? words : { ...words, id };
  }
}
const named = new Named();

/**
 * Schemas of one document, by one dialect of JSON Schema: 2020-12 for OpenAPI, draft 7 for AsyncAPI.
 * What it names goes to `components`; what differs between sent and answered gets two names.
 */
export class SchemaWriter {
  readonly components: Components = new Map();

  constructor(private readonly target: 'draft-2020-12' | 'draft-7') {}

  schemaOf(shape: z.ZodType, side: Side): Schema {
    const wrapped = z.toJSONSchema(z.object({ value: shape }), {
      target: this.target,
      io: side === 'sent' ? 'input' : 'output',
      metadata: named,
      override: ({ jsonSchema }) => simplify(jsonSchema, side),
    }) as unknown as Wrapped;
    const renamed = this.keep(wrapped.$defs ?? wrapped.definitions ?? {}, side);
    return withReferences(wrapped.properties.value, renamed);
  }

  /** Takes up named schemas. Their names in this document, by the names they came with. */
  private keep(found: Readonly<Record<string, Schema>>, side: Side): ReadonlyMap<string, string> {
    const plain = new Map(Object.keys(found).map((name) => [name, name]));
    const clashing = Object.entries(found).filter(([name, schema]) => {
      const known = this.components.get(name);
      return known !== undefined && !isSame(known, withReferences(schema, plain));
    });
    const renamed = new Map(plain);
    for (const [name] of clashing) renamed.set(name, `${name}${side === 'sent' ? 'Sent' : 'Answered'}`);
    for (const [name, schema] of Object.entries(found)) {
      this.components.set(renamed.get(name) as string, withReferences(schema, renamed));
    }
    return renamed;
  }
}

function nameOf(exported: string): string {
  const bare = exported.replace(/Row$/, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** An answer may grow fields, and the bounds of what JavaScript counts exactly say nothing of ours. */
function simplify(schema: Record<string, unknown>, side: Side): void {
  if (side === 'answered' && schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function withReferences(schema: Schema, renamed: ReadonlyMap<string, string>): Schema {
  const written = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const name = value.split('/').at(-1) as string;
    return `${COMPONENT}${renamed.get(name) ?? name}`;
  });
  return JSON.parse(written) as Schema;
}

function isSame(one: Schema, other: Schema): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
