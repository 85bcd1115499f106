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
  audit: { org: string; offset: number; at: number; actor: string; command: string; subject: string };
  organisation: { id: string; name: string; created_at: number };
  person: { id: string; email: string; name: string; password_hash: string | null; created_at: number };
  member: { org: string; id: string; version: number; role: string; read_offset: number };
  session: {
    org: string;
    id: string;
    user_id: string;
    secret_hash: string;
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
  };
  inbox: { org: string; id: string; version: number; kind: string; address: string };
  message: {
    org: string;
    id: string;
    version: number;
    inbox_id: string;
    external_id: string | null;
    source: string | null;
    row: string;
    content: string;
  };
  recipient: { org: string; message_id: string; address: string; local_part: string };
  blob_reference: { org: string; message_id: string; digest: string };
  setting: { name: string; value: string };
}
