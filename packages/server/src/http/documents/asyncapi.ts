import { SUBPROTOCOL } from '@roost/protocol';
import { downFrame, eventData, upFrame } from '@roost/protocol/schema';
import type { z } from 'zod';
import { downWords, upWords } from './frames.ts';
import { type Schema, SchemaWriter, type Side } from './schemas.ts';

interface Reference {
  readonly $ref: string;
}
export interface Message {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly payload: Schema;
}
export interface SocketOperation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
}
export interface AsyncApi {
  readonly asyncapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly channels: { readonly socket: { readonly address: string; readonly description: string } };
  readonly operations: Readonly<Record<string, SocketOperation>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly messages: Readonly<Record<string, Message>>;
  };
}

const ABOUT = `One WebSocket carries everything: JSON text frames, subprotocol \`${SUBPROTOCOL}\`. The client speaks first,
with \`hello\`. All channels of a connection share one cursor, so that a screen shows one moment of the store.

Close codes say what to do: 1000 done; 1001 and 1012 come back after the delay that \`drain\` named; 4000 and 4009 come
back later; 4001 and 4002 sign in again; 4003, 4008 and 4013 do not come back.`;

/** The AsyncAPI 3.0 document of the socket, as the server sees it: it receives what clients send. */
export function asyncApiOf(version: string): AsyncApi {
  const writer = new SchemaWriter('draft-7');
  const up = framesOf(upFrame.options, 'up', 'sent', upSays, writer);
  const down = framesOf(downFrame.options, 'down', 'answered', downWords, writer);
  const messages = { ...up, ...down, 'down.event': withEvents(down['down.event'] as Message, writer) };
  return {
    asyncapi: '3.0.0',
    info: { title: 'Roost: the socket', version, description: ABOUT },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host: '{host}',
        protocol: 'wss',
        description: '`ws` where the server is reached without TLS.',
        variables: { host: { default: 'localhost:8080' } },
      },
    },
    channels: {
      socket: {
        address: '/api/v1/ws',
        description: `Subprotocol \`${SUBPROTOCOL}\`.`,
        messages: Object.fromEntries(
          Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }]),
        ),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: operations(),
    components: { schemas: Object.fromEntries(writer.components), messages },
  } as AsyncApi;
}

/** What the data of an event holds depends on the event. */
function withEvents(message: Message, writer: SchemaWriter): Message {
  const { properties } = message.payload as { properties: Readonly<Record<string, Schema>> };
  const anyOf = Object.values(eventData).map((shape) => writer.schemaOf(shape, 'answered'));
  const data = { description: 'The fields of the event named.', anyOf };
  return { ...message, payload: { ...message.payload, properties: { ...properties, data } } };
}

const upSays = Object.fromEntries(Object.entries(upWords).map(([type, { says }]) => [type, says]));

const socket: Reference = { $ref: '#/channels/socket' };

function operations(): Record<string, SocketOperation> {
  const received = Object.entries(upWords).map(([type, { says, answeredBy }]) => {
    const answers = answeredBy.length > 0 ? [...answeredBy, 'error'] : [];
    const reply =
      answers.length > 0 ? { reply: { channel: socket, messages: answers.map(downMessage) } } : {};
    return [
      `receive.${type}`,
      { action: 'receive', channel: socket, summary: says, messages: [upMessage(type)], ...reply },
    ] as const;
  });
  const sent = Object.entries(downWords).map(
    ([type, says]) =>
      [
        `send.${type}`,
        { action: 'send', channel: socket, summary: says, messages: [downMessage(type)] },
      ] as const,
  );
  return Object.fromEntries<SocketOperation>([...received, ...sent]);
}

function upMessage(type: string): Reference {
  return { $ref: `#/channels/socket/messages/up.${type}` };
}

function downMessage(type: string): Reference {
  return { $ref: `#/channels/socket/messages/down.${type}` };
}

/** One message for each frame of a union, by `<direction>.<type>`. */
function framesOf(
  frames: readonly z.ZodType[],
  direction: 'up' | 'down',
  side: Side,
  words: Readonly<Record<string, string>>,
  writer: SchemaWriter,
): Record<string, Message> {
  return Object.fromEntries(
    frames.map((frame) => {
      const payload = writer.schemaOf(frame, side);
      const type = (payload as { properties: { type: { const: string } } }).properties.type.const;
      return [`${direction}.${type}`, { name: type, title: type, summary: words[type] as string, payload }];
    }),
  );
}
