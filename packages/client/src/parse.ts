import type { DownFrame, ListDelta, ListPage } from '@roost/protocol';

/** A frame of a kind that this version does not know: counted where frames are counted, and otherwise ignored. */
export interface UnknownFrame {
  readonly type: 'unknown';
}

/** @returns null when it is no frame at all: then nothing this peer says can be trusted */
export function parseFrame(text: unknown): DownFrame | UnknownFrame | null {
  if (typeof text !== 'string') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || typeof value.type !== 'string') return null;
  if (!Object.hasOwn(frameShapes, value.type)) return { type: 'unknown' };
  return fits(value, frameShapes[value.type as DownFrame['type']]) ? (value as DownFrame) : null;
}

/** The answer of a list over HTTP, its rows or what changed in them. Null when it is neither. */
export function parseList(value: unknown): ListPage | ListDelta | null {
  if (!isObject(value)) return null;
  if (fits(value, pageShape)) return value as unknown as ListPage;
  return fits(value, deltaShape) ? (value as unknown as ListDelta) : null;
}

type Check = (value: unknown) => boolean;
/** A check for every field of `T`: forgetting one does not compile. */
type Shape<T> = { readonly [Field in Exclude<keyof T, 'type'>]-?: Check };

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isRow: Check = (value) => isObject(value) && isText(value.id) && isCount(value.version);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isTextOrNull: Check = (value) => value === null || isText(value);
const isRows = listOf(isRow);
/** Frames that are shown together are held together; nobody means more of them than this. */
const isFrameCount: Check = (value) => isCount(value) && (value as number) <= FRAMES_TOGETHER_MAX;
const FRAMES_TOGETHER_MAX = 10_000;

const pageShape: Shape<ListPage> = { rows: isRows, next: isTextOrNull, has_more: isFlag, cursor: isText };
const changes = { prev: isCount, offset: isCount, added: isRows, updated: isRows, deleted: listOf(isText) };
const deltaShape: Shape<ListDelta> = { ...changes, cursor: isText };
const named = { channel: isText, key: maybe(isText) };

const frameShapes: { readonly [T in DownFrame['type']]: Shape<Extract<DownFrame, { type: T }>> } = {
  connected: {
    user_id: isText,
    org_id: isText,
    cursor: isText,
    heartbeat_ms: isCount,
    frames: isFrameCount,
  },
  snapshot: { ...pageShape, ...named, id: isText, etag: isText },
  page: { ...pageShape, ...named, id: isText },
  delta: { ...changes, ...named, etag: isText },
  batch: { frames: isFrameCount },
  ack: { id: isText, offset: isCount, message_id: maybe(isText) },
  ping: { cursor: isText },
  presence: { user_id: isText, state: isText, scope: maybe(isText), lifetime_ms: isCount },
  typing: { scope: isText, user_id: isText, lifetime_ms: isCount },
  event: { event: isText, data: isObject },
  drain: { retry_after_ms: isCount },
  error: { id: maybe(isText), code: isText, message: isText, remedy: isText, about: maybe(isObject) },
};

function fits(value: Record<string, unknown>, shape: Readonly<Record<string, Check>>): boolean {
  for (const field in shape) if (!shape[field]?.(value[field])) return false;
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
