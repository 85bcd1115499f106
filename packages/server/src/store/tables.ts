/**
 * Every table, as Kysely sees it. Times are ms since 1970 UTC; `*_json` and `row` hold JSON text.
 * `version` is the offset of the last change.
 */
export interface Tables {
  /** The log's lifetime and newest offset; `oldest` is the first offset still in the log. */
  head: { org: string; epoch: string; offset: number; oldest: number };
  log: { org: string; offset: number; at: number; actor: string; changes: string };
  /** What a command with a client's id answered, so that the same id is answered from memory. */
  answer: { org: string; id: string; fingerprint: string; offset: number; result: string; at: number };
  /** `user_id` is whose session or token it was; `subject` and `detail` are JSON text. */
  audit: {
    org: string;
    id: string;
    offset: number;
    at: number;
    actor: string;
    user_id: string | null;
    command: string;
    subject: string;
    detail: string;
  };
  organisation: { id: string; name: string; created_at: number };
  person: { id: string; email: string; name: string; password_hash: string | null; created_at: number };
  /** `hidden` are the inboxes kept from them, as a JSON list; `access_version` is when that last changed. */
  member: {
    org: string;
    id: string;
    version: number;
    role: string;
    read_offset: number;
    read_version: number;
    active: number;
    hidden: string;
    /** Owners and admins, as of `access_version`. */
    admin: number;
    access_version: number;
  };
  session: {
    org: string;
    id: string;
    user_id: string;
    kind: string;
    /** What its refresh keys are made from, with the server's own key. */
    seed: string;
    /** Which of its refresh keys is the current one, and since when. */
    generation: number;
    rotated_at: number;
    last_used_at: number;
    user_agent: string;
    ip: string;
    created_at: number;
    expires_at: number;
  };
  sign_in_link: { org: string; hash: string; user_id: string; expires_at: number };
  api_token: {
    org: string;
    id: string;
    hash: string;
    user_id: string;
    name: string;
    scopes: string;
    created_at: number;
    last_used_at: number;
    expires_at: number | null;
  };
  invitation: {
    org: string;
    id: string;
    hash: string;
    email: string;
    name: string;
    role: string;
    /** JSON list. */
    inbox_ids: string;
    invited_by: string | null;
    created_at: number;
    expires_at: number;
  };
  /** Whose tokens an organisation trusts to say who its users are; either `secret` or `jwks_url` is there. */
  host_access: {
    org: string;
    issuer: string;
    audience: string;
    secret: string | null;
    jwks_url: string | null;
    role_max: string;
  };
  /** Who a host's user is here. Tokens made before `refused_before` are good for nothing any more. */
  host_identity: {
    org: string;
    external_id: string;
    user_id: string;
    /** 1 where the host brought the person, and so may rename them. */
    owns_person: number;
    refused_before: number;
  };
  inbox: {
    org: string;
    id: string;
    version: number;
    kind: string;
    address: string;
    name: string;
    access: string;
    member_ids: string;
    threads: number;
    phone: string | null;
    /** Keys and secrets of the channel; never part of a row that readers see. */
    settings: string;
  };
  contact: { org: string; id: string; version: number; row: string };
  contact_identity: { org: string; kind: string; value: string; contact_id: string };
  conversation: {
    org: string;
    id: string;
    version: number;
    kind: string;
    inbox_id: string | null;
    contact_id: string | null;
    status: string;
    assignee_id: string | null;
    activity: string;
    inbound_offset: number;
    snoozed_until: number | null;
    row: string;
  };
  conversation_label: { org: string; label: string; conversation_id: string };
  participant: { org: string; user_id: string; conversation_id: string };
  thread_key: { org: string; inbox_id: string; key: string; conversation_id: string };
  read_cursor: {
    org: string;
    user_id: string;
    conversation_id: string;
    version: number;
    offset: number;
    unread: number;
    first_unread: string | null;
  };
  /** Messages on their way out; gone from here once they are sent. */
  outbox: {
    org: string;
    message_id: string;
    inbox_id: string;
    via: string;
    state: 'waiting' | 'sending' | 'unknown' | 'failed';
    attempts: number;
    next_at: number;
    lease_until: number;
    payload: string;
    created_at: number;
    conversation_id: string | null;
  };
  upload: {
    org: string;
    id: string;
    user_id: string;
    digest: string;
    filename: string;
    content_type: string;
    size_bytes: number;
    created_at: number;
  };
  mailbox: { org: string; id: string; version: number; inbox_id: string; path_key: string; row: string };
  rule: {
    org: string;
    id: string;
    version: number;
    inbox_id: string | null;
    domain: string | null;
    row: string;
  };
  policy: { org: string; id: string; version: number; row: string };
  dropped: {
    org: string;
    id: string;
    at: number;
    inbox_id: string;
    sender: string;
    recipients: string;
    subject: string;
    size_bytes: number;
    decided_by: string;
  };
  inbox_settings: { org: string; id: string; version: number; row: string };
  auto_reply: { org: string; id: string; version: number; row: string };
  /** Whom an inbox answered by itself, and when it last did. */
  auto_reply_sent: { org: string; inbox_id: string; address: string; at: number };
  label: { org: string; id: string; version: number; row: string };
  canned_reply: { org: string; id: string; version: number; shortcut: string; row: string };
  message: {
    org: string;
    id: string;
    version: number;
    inbox_id: string;
    external_id: string | null;
    conversation_id: string | null;
    via: string;
    kind: string;
    author_id: string | null;
    /** Mail that lies in a mailbox. */
    mailbox_id: string | null;
    decision: string;
    source: string | null;
    row: string;
    content: string;
  };
  recipient: { org: string; message_id: string; address: string; local_part: string };
  blob_reference: { org: string; message_id: string; digest: string };
  template: {
    org: string;
    id: string;
    version: number;
    inbox_id: string;
    name: string;
    language: string;
    row: string;
  };
  whatsapp_file: {
    org: string;
    message_id: string;
    part: number;
    inbox_id: string;
    file_id: string;
    sha256: string | null;
    attempts: number;
    next_at: number;
    lease_until: number;
  };
  whatsapp_status: {
    org: string;
    inbox_id: string;
    external_id: string;
    status: string;
    says: string | null;
    at: number;
  };
  whatsapp_leftover: {
    org: string;
    id: string;
    phone_number_id: string | null;
    what: string;
    says: string;
    raw: string;
    at: number;
  };
  /** Programs that hear of events. `events` and `inbox_ids` are JSON lists, empty for all. */
  webhook: {
    org: string;
    id: string;
    name: string;
    url: string;
    events: string;
    inbox_ids: string;
    secret: string;
    active: number;
    /** Only what happened after it is told. */
    since_offset: number;
    created_at: number;
    /** Since when nothing was taken; null while something is. */
    failing_since: number | null;
    paused_at: number | null;
    problem: string | null;
  };
  webhook_position: { org: string; offset: number };
  webhook_delivery: {
    org: string;
    webhook_id: string;
    /** What the receiver recognises it by. */
    id: string;
    offset: number;
    /** Which of the events of its entry. */
    place: number;
    event: string;
    body: string;
    state: 'waiting' | 'sending' | 'delivered' | 'failed';
    attempts: number;
    next_at: number;
    /** When it was first to be sent, or to be sent once more. */
    begun_at: number;
    created_at: number;
    /** Status of the last answer; null where none came. */
    answered: number | null;
    says: string | null;
    settled_at: number | null;
  };
  /** Long work. `stand` is how far it is, `row` what the log has told of it. */
  job: {
    org: string;
    id: string;
    version: number;
    state: string;
    user_id: string;
    begun_at: number;
    ended_at: number | null;
    told_at: number;
    held_by: string | null;
    lease_until: number;
    attempts: number;
    work: string;
    stand: string;
    row: string;
  };
  retention: { org: string; mail_days: number | null; quarantine_days: number | null };
  /** What came to the door, newest last. `recipients` are joined by spaces. */
  ingest_attempt: {
    org: string;
    at: number;
    id: string;
    way: string;
    sender: string;
    recipients: string;
    size_bytes: number;
    outcome: string;
    code: string | null;
    says: string | null;
  };
  ingest_hour: {
    org: string;
    hour: number;
    way: string;
    outcome: string;
    count: number;
    size_bytes: number;
  };
  ingest_sender: { org: string; hour: number; domain: string; count: number; size_bytes: number };
  setting: { name: string; value: string };
}
