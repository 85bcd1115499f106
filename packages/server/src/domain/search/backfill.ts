import { type ContactRow, type ConversationRow, Failure, type MessageRow } from '@roost/protocol';
import { foundKind } from '@roost/protocol/schema';
import { z } from 'zod';
import { defineCommand, defineQuery } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import type { Document } from './index-contract.ts';
import { documentOfContact, documentOfConversation, documentOfMessage, putDocument } from './write.ts';

/** Looked at in one step, and of these indexed in one step: neither keeps others waiting. */
const LOOKED_AT_MAX_COUNT = 500;
const INDEXED_MAX_COUNT = 50;
const BEHIND_MAX_COUNT = 100;

const position = z.object({
  contact: z.string(),
  conversation: z.string(),
  message: z.string(),
  offset: z.int(),
});
type Position = z.infer<typeof position>;
const BEGINNING: Position = { contact: '', conversation: '', message: '', offset: 0 };
const KINDS = ['contact', 'conversation', 'message'] as const;
type Kind = (typeof KINDS)[number];

/** Organisations in which something may not be indexed yet. */
export const searchBehind = defineQuery({
  name: 'search_index.behind',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx }): Promise<string[]> {
    const found = await tx.all<{ org: string }>(
      `select head.org as org from head left join search_position p on p.org = head.org
        where p."offset" is null or p."offset" < head."offset" limit ?`,
      BEHIND_MAX_COUNT,
    );
    return found.map(({ org }) => org);
  },
});

const document = z.object({
  org: z.string(),
  ref: z.string(),
  kind: foundKind,
  at: z.int(),
  conversation_id: z.string().nullable(),
  inbox_id: z.string().nullable(),
  words: z.array(z.string()),
});

export interface Unindexed {
  readonly documents: readonly Document[];
  /** Where it began, and where to go on once these are indexed. */
  readonly from: Position;
  readonly to: Position;
  readonly isMore: boolean;
}

/**
 * The next things that are not in the index. What is said in conversations is indexed as it is stored; mail of inboxes
 * without conversations is not, so that it is taken in as fast as ever, nor is what a backup brought.
 */
export const unindexed = defineQuery({
  name: 'search_index.next',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org }): Promise<Unindexed> {
    const head = await tx.get<{ offset: number }>('select "offset" from head where org = ?', org);
    const from = (await positionOf(tx, org)) ?? BEGINNING;
    for (const kind of KINDS) {
      const { documents, last, isMore } = await step(tx, org, kind, from[kind]);
      if (last === null) continue;
      return { documents, from, to: { ...from, [kind]: last }, isMore: isMore || kind !== 'message' };
    }
    return { documents: [], from, to: { ...from, offset: head?.offset ?? 0 }, isMore: false };
  },
});

/** Indexes what is still as it was read, and notes how far it was read. */
export const indexDocuments = defineCommand({
  name: 'search_index.fill',
  input: z.object({ documents: z.array(document), from: position, to: position }),
  may: { roles: [] },
  async run(context, { documents, from, to }): Promise<boolean> {
    const { tx, org } = context;
    const at = await positionOf(tx, org);
    if (JSON.stringify(at ?? BEGINNING) !== JSON.stringify(from)) return false;
    for (const one of documents) {
      if (one.org !== org) throw new Failure('request.invalid');
      if (await isMissing(tx, one)) await putDocument(context, one);
    }
    const values = [to.contact, to.conversation, to.message, to.offset];
    await tx.run(
      at
        ? 'update search_position set contact = ?, conversation = ?, message = ?, "offset" = ? where org = ?'
        : 'insert into search_position (contact, conversation, message, "offset", org) values (?, ?, ?, ?, ?)',
      ...values,
      org,
    );
    return true;
  },
});

async function positionOf(tx: Tx, org: string): Promise<Position | undefined> {
  return tx.get<Position>(
    'select contact, conversation, message, "offset" from search_position where org = ?',
    org,
  );
}

/** It is there, and the index does not have it: it may have gone, or been changed and so indexed, meanwhile. */
async function isMissing(tx: Tx, { org, kind, ref }: Document): Promise<boolean> {
  const table = kind === 'note' ? 'message' : kind;
  const found = await tx.get(
    `select 1 as one from ${table} t left join search_document d on d.org = t.org and d.ref = t.id
      where t.org = ? and t.id = ? and d.ref is null`,
    org,
    ref,
  );
  return found !== undefined;
}

async function step(tx: Tx, org: string, kind: Kind, after: string) {
  const looked = await tx.all<{ id: string; is_known: number }>(
    `select t.id as id, case when d.ref is null then 0 else 1 end as is_known from ${kind} t
       left join search_document d on d.org = t.org and d.ref = t.id
      where t.org = ? and t.id > ? order by t.id limit ?`,
    org,
    after,
    LOOKED_AT_MAX_COUNT,
  );
  const documents: Document[] = [];
  let last: string | null = null;
  for (const { id, is_known } of looked) {
    if (documents.length === INDEXED_MAX_COUNT) break;
    last = id;
    const document = is_known === 1 ? null : await documentOf(tx, org, kind, id);
    if (document) documents.push(document);
  }
  return { documents, last, isMore: looked.length === LOOKED_AT_MAX_COUNT || last !== looked.at(-1)?.id };
}

async function documentOf(tx: Tx, org: string, kind: Kind, id: string): Promise<Document | null> {
  const columns = kind === 'message' ? '"row", content' : '"row"';
  const found = await tx.get<{ row: string; content: string }>(
    `select ${columns} from ${kind} where org = ? and id = ?`,
    org,
    id,
  );
  if (!found) return null;
  const row: unknown = JSON.parse(found.row);
  switch (kind) {
    case 'contact':
      return documentOfContact(org, row as ContactRow, Date.parse((row as ContactRow).created_at));
    case 'conversation':
      return documentOfConversation(org, row as ConversationRow);
    case 'message':
      return documentOfMessage(org, row as MessageRow, JSON.parse(found.content).text);
  }
}
