import type { Tx, Value } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

export type TableName = keyof Tables;
/** A row by its columns, as it stands in a line of a backup. */
export type Row = Readonly<Record<string, Value>>;

type Kind<V> = `${NonNullable<V> extends number ? 'number' : 'text'}${null extends V ? ' or nothing' : ''}`;

/** Every column of every table: one that is left out does not compile. */
export const columns: {
  readonly [T in TableName]: { readonly [C in keyof Tables[T]]: Kind<Tables[T][C]> };
} = {
  head: { org: 'text', epoch: 'text', offset: 'number', oldest: 'number' },
  log: { org: 'text', offset: 'number', at: 'number', actor: 'text', changes: 'text' },
  answer: {
    org: 'text',
    id: 'text',
    fingerprint: 'text',
    offset: 'number',
    result: 'text',
    at: 'number',
  },
  audit: {
    org: 'text',
    id: 'text',
    offset: 'number',
    at: 'number',
    actor: 'text',
    user_id: 'text or nothing',
    command: 'text',
    subject: 'text',
    detail: 'text',
  },
  organisation: { id: 'text', name: 'text', created_at: 'number' },
  person: { id: 'text', email: 'text', name: 'text', password_hash: 'text or nothing', created_at: 'number' },
  member: {
    org: 'text',
    id: 'text',
    version: 'number',
    role: 'text',
    read_offset: 'number',
    read_version: 'number',
    active: 'number',
    hidden: 'text',
    admin: 'number',
    access_version: 'number',
  },
  session: {
    org: 'text',
    id: 'text',
    user_id: 'text',
    kind: 'text',
    seed: 'text',
    generation: 'number',
    rotated_at: 'number',
    last_used_at: 'number',
    user_agent: 'text',
    ip: 'text',
    created_at: 'number',
    expires_at: 'number',
  },
  sign_in_link: { org: 'text', hash: 'text', user_id: 'text', expires_at: 'number' },
  api_token: {
    org: 'text',
    id: 'text',
    hash: 'text',
    user_id: 'text',
    name: 'text',
    scopes: 'text',
    created_at: 'number',
    last_used_at: 'number',
    expires_at: 'number or nothing',
  },
  invitation: {
    org: 'text',
    id: 'text',
    hash: 'text',
    email: 'text',
    name: 'text',
    role: 'text',
    inbox_ids: 'text',
    invited_by: 'text or nothing',
    created_at: 'number',
    expires_at: 'number',
  },
  host_access: {
    org: 'text',
    issuer: 'text',
    audience: 'text',
    secret: 'text or nothing',
    jwks_url: 'text or nothing',
    role_max: 'text',
  },
  host_identity: {
    org: 'text',
    external_id: 'text',
    user_id: 'text',
    owns_person: 'number',
    refused_before: 'number',
  },
  inbox: {
    org: 'text',
    id: 'text',
    version: 'number',
    kind: 'text',
    address: 'text',
    name: 'text',
    access: 'text',
    member_ids: 'text',
    threads: 'number',
    phone: 'text or nothing',
    settings: 'text',
  },
  contact: { org: 'text', id: 'text', version: 'number', row: 'text' },
  contact_identity: { org: 'text', kind: 'text', value: 'text', contact_id: 'text' },
  conversation: {
    org: 'text',
    id: 'text',
    version: 'number',
    kind: 'text',
    inbox_id: 'text or nothing',
    contact_id: 'text or nothing',
    status: 'text',
    assignee_id: 'text or nothing',
    activity: 'text',
    inbound_offset: 'number',
    snoozed_until: 'number or nothing',
    row: 'text',
  },
  conversation_label: { org: 'text', label: 'text', conversation_id: 'text' },
  participant: { org: 'text', user_id: 'text', conversation_id: 'text' },
  thread_key: { org: 'text', inbox_id: 'text', key: 'text', conversation_id: 'text' },
  read_cursor: {
    org: 'text',
    user_id: 'text',
    conversation_id: 'text',
    version: 'number',
    offset: 'number',
    unread: 'number',
    first_unread: 'text or nothing',
  },
  outbox: {
    org: 'text',
    message_id: 'text',
    inbox_id: 'text',
    via: 'text',
    state: 'text',
    attempts: 'number',
    next_at: 'number',
    lease_until: 'number',
    payload: 'text',
    created_at: 'number',
    conversation_id: 'text or nothing',
  },
  upload: {
    org: 'text',
    id: 'text',
    user_id: 'text',
    digest: 'text',
    filename: 'text',
    content_type: 'text',
    size_bytes: 'number',
    created_at: 'number',
  },
  label: { org: 'text', id: 'text', version: 'number', row: 'text' },
  mailbox: { org: 'text', id: 'text', version: 'number', inbox_id: 'text', path_key: 'text', row: 'text' },
  rule: {
    org: 'text',
    id: 'text',
    version: 'number',
    inbox_id: 'text or nothing',
    domain: 'text or nothing',
    row: 'text',
  },
  policy: { org: 'text', id: 'text', version: 'number', row: 'text' },
  inbox_settings: { org: 'text', id: 'text', version: 'number', row: 'text' },
  auto_reply: { org: 'text', id: 'text', version: 'number', row: 'text' },
  auto_reply_sent: { org: 'text', inbox_id: 'text', address: 'text', at: 'number' },
  dropped: {
    org: 'text',
    id: 'text',
    at: 'number',
    inbox_id: 'text',
    sender: 'text',
    recipients: 'text',
    subject: 'text',
    size_bytes: 'number',
    decided_by: 'text',
  },
  canned_reply: { org: 'text', id: 'text', version: 'number', shortcut: 'text', row: 'text' },
  message: {
    org: 'text',
    id: 'text',
    version: 'number',
    inbox_id: 'text',
    external_id: 'text or nothing',
    conversation_id: 'text or nothing',
    via: 'text',
    kind: 'text',
    author_id: 'text or nothing',
    mailbox_id: 'text or nothing',
    decision: 'text',
    source: 'text or nothing',
    row: 'text',
    content: 'text',
  },
  recipient: { org: 'text', message_id: 'text', address: 'text', local_part: 'text' },
  blob_reference: { org: 'text', message_id: 'text', digest: 'text' },
  template: {
    org: 'text',
    id: 'text',
    version: 'number',
    inbox_id: 'text',
    name: 'text',
    language: 'text',
    row: 'text',
  },
  whatsapp_file: {
    org: 'text',
    message_id: 'text',
    part: 'number',
    inbox_id: 'text',
    file_id: 'text',
    sha256: 'text or nothing',
    attempts: 'number',
    next_at: 'number',
    lease_until: 'number',
  },
  whatsapp_status: {
    org: 'text',
    inbox_id: 'text',
    external_id: 'text',
    status: 'text',
    says: 'text or nothing',
    at: 'number',
  },
  whatsapp_leftover: {
    org: 'text',
    id: 'text',
    phone_number_id: 'text or nothing',
    what: 'text',
    says: 'text',
    raw: 'text',
    at: 'number',
  },
  webhook: {
    org: 'text',
    id: 'text',
    name: 'text',
    url: 'text',
    events: 'text',
    inbox_ids: 'text',
    secret: 'text',
    active: 'number',
    since_offset: 'number',
    created_at: 'number',
    failing_since: 'number or nothing',
    paused_at: 'number or nothing',
    problem: 'text or nothing',
  },
  webhook_position: { org: 'text', offset: 'number' },
  webhook_delivery: {
    org: 'text',
    webhook_id: 'text',
    id: 'text',
    offset: 'number',
    place: 'number',
    event: 'text',
    body: 'text',
    state: 'text',
    attempts: 'number',
    next_at: 'number',
    begun_at: 'number',
    created_at: 'number',
    answered: 'number or nothing',
    says: 'text or nothing',
    settled_at: 'number or nothing',
  },
  job: {
    org: 'text',
    id: 'text',
    version: 'number',
    state: 'text',
    user_id: 'text',
    begun_at: 'number',
    ended_at: 'number or nothing',
    told_at: 'number',
    held_by: 'text or nothing',
    lease_until: 'number',
    attempts: 'number',
    work: 'text',
    stand: 'text',
    row: 'text',
  },
  retention: { org: 'text', mail_days: 'number or nothing', quarantine_days: 'number or nothing' },
  ingest_attempt: {
    org: 'text',
    at: 'number',
    id: 'text',
    way: 'text',
    sender: 'text',
    recipients: 'text',
    size_bytes: 'number',
    outcome: 'text',
    code: 'text or nothing',
    says: 'text or nothing',
  },
  ingest_hour: {
    org: 'text',
    hour: 'number',
    way: 'text',
    outcome: 'text',
    count: 'number',
    size_bytes: 'number',
  },
  ingest_sender: { org: 'text', hour: 'number', domain: 'text', count: 'number', size_bytes: 'number' },
  setting: { name: 'text', value: 'text' },
};

export const tableNames = Object.keys(columns) as TableName[];

/** What a table is read in the order of: columns that have an index. */
const keys: { readonly [T in TableName]: readonly (keyof Tables[T] & string)[] } = {
  head: ['org'],
  log: ['org', 'offset'],
  answer: ['org', 'id'],
  audit: ['org', 'offset'],
  organisation: ['id'],
  person: ['id'],
  member: ['org', 'id'],
  session: ['id'],
  sign_in_link: ['hash'],
  api_token: ['hash'],
  invitation: ['org', 'id'],
  host_access: ['org'],
  host_identity: ['org', 'external_id'],
  inbox: ['id'],
  contact: ['org', 'id'],
  contact_identity: ['org', 'kind', 'value'],
  conversation: ['org', 'id'],
  conversation_label: ['org', 'label', 'conversation_id'],
  participant: ['org', 'user_id', 'conversation_id'],
  thread_key: ['org', 'inbox_id', 'key'],
  read_cursor: ['org', 'user_id', 'conversation_id'],
  outbox: ['org', 'message_id'],
  upload: ['org', 'id'],
  label: ['org', 'id'],
  mailbox: ['org', 'id'],
  rule: ['org', 'id'],
  policy: ['org', 'id'],
  dropped: ['org', 'id'],
  inbox_settings: ['org', 'id'],
  auto_reply: ['org', 'id'],
  auto_reply_sent: ['org', 'inbox_id', 'address'],
  canned_reply: ['org', 'id'],
  message: ['org', 'id'],
  recipient: ['org', 'message_id', 'address', 'local_part'],
  blob_reference: ['digest', 'org', 'message_id'],
  template: ['org', 'id'],
  whatsapp_file: ['org', 'message_id', 'part'],
  whatsapp_status: ['org', 'inbox_id', 'external_id', 'status'],
  whatsapp_leftover: ['org', 'id'],
  webhook: ['org', 'id'],
  webhook_position: ['org'],
  webhook_delivery: ['org', 'webhook_id', 'id'],
  job: ['org', 'id'],
  retention: ['org'],
  ingest_attempt: ['org', 'at', 'id'],
  ingest_hour: ['org', 'hour', 'way', 'outcome'],
  ingest_sender: ['org', 'hour', 'domain'],
  setting: ['name'],
};

/** The one table whose rows may share their key: those that do are put in order by all of their columns. */
const WITH_TIES: TableName = 'audit';

/** Rows read at once. Rows that may be large, of some MiB, are read fewer at a time. */
const PAGE_ROWS = 1_000;
const PAGE_LARGE_ROWS = 32;
const LARGE: readonly TableName[] = ['message', 'log', 'answer', 'outbox'];

/** All rows of a table in pages, by its key. */
export async function* pagesOf(tx: Tx, table: TableName): AsyncGenerator<Row[]> {
  const names = Object.keys(columns[table]);
  const key: readonly string[] = keys[table];
  const order = table === WITH_TIES ? [...key, ...names.filter((name) => !key.includes(name))] : key;
  const size = LARGE.includes(table) ? PAGE_LARGE_ROWS : PAGE_ROWS;
  const select = `select ${quoted(names)} from ${table}`;
  const sorted = `order by ${quoted(order)} limit ${size}`;
  const goOn = `${select} where (${quoted(key)}) >= (${key.map(() => '?').join(', ')}) ${sorted} offset ?`;

  let rows = await tx.all<Row>(`${select} ${sorted}`);
  let last: Value[] = [];
  let passed = 0;
  while (rows.length > 0) {
    yield rows;
    if (rows.length < size) return;
    // The next page begins with the key that this one ended with, after as many of its rows as were read.
    const end = key.map((name) => rows.at(-1)?.[name] as Value);
    const shared = rows.filter((row) => key.every((name, at) => row[name] === end[at])).length;
    passed = end.every((value, at) => value === last[at]) ? passed + shared : shared;
    last = end;
    rows = await tx.all<Row>(goOn, ...end, passed);
  }
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/**
 * The values of a line in the order of the table's columns.
 *
 * @throws SyntaxError  saying what is wrong with it
 */
export function readRow(table: TableName, line: string): Value[] {
  const row: unknown = JSON.parse(line);
  if (typeof row !== 'object' || row === null) throw new SyntaxError('it is no row');
  const kinds: Readonly<Record<string, string>> = columns[table];
  const stranger = Object.keys(row).find((name) => !Object.hasOwn(kinds, name));
  if (stranger !== undefined) throw new SyntaxError(`there is no column “${stranger.slice(0, 80)}”`);
  return Object.entries(kinds).map(([name, kind]) => {
    const value = (row as Record<string, unknown>)[name];
    if (!isOfKind(kind, value)) throw new SyntaxError(`“${name}” is not ${kind}`);
    return value;
  });
}

function isOfKind(kind: string, value: unknown): value is Value {
  if (value === null) return kind.endsWith(' or nothing');
  return kind.startsWith('number') ? Number.isSafeInteger(value) : typeof value === 'string';
}

/** A backup may take its time: the limits of commands do not hold in this transaction. */
export async function takeTime(tx: Tx): Promise<void> {
  if (tx.dialect === 'sqlite') return;
  for (const limit of ['statement_timeout', 'idle_in_transaction_session_timeout']) {
    await tx.get('select set_config(?, ?, true)', limit, '0');
  }
}
