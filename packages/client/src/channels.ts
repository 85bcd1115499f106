import type {
  CannedReplyRow,
  ContactRow,
  ConversationRow,
  ConversationsParams,
  ConversationViewName,
  InboxParams,
  InboxRow,
  LabelRow,
  MemberRow,
  MeRow,
  MessageRow,
  OpenMessage,
  ReadRow,
  Row,
  TemplateRow,
  UnreadRow,
} from '@roost/protocol';

/** Channels that are named by a word, with the rows they show. */
interface RowsOfWord {
  inbox: MessageRow;
  me: MeRow;
  conversations: ConversationRow;
  unread: UnreadRow;
  direct: ConversationRow;
  members: MemberRow;
  inboxes: InboxRow;
  labels: LabelRow;
  canned_replies: CannedReplyRow;
  contacts: ContactRow;
  templates: TemplateRow;
}

/** Channels of one thing, `<word>:<id>`. */
interface RowsOfOne {
  message: OpenMessage;
  conversation: ConversationRow;
  thread: MessageRow;
  reads: ReadRow;
  contact: ContactRow;
}

/** The names of channels that this version knows. A list takes any other text as well, and shows rows of any kind. */
export type Channel = keyof RowsOfWord | `${keyof RowsOfOne}:${string}`;

/** What rows a channel has, by its name. */
export type RowOf<Name extends string> = Name extends keyof RowsOfWord
  ? RowsOfWord[Name]
  : Name extends `${infer Word extends keyof RowsOfOne}:${string}`
    ? RowsOfOne[Word]
    : Row;

interface Limited {
  /** Rows at first, and by each page; 1 to 200. */
  readonly limit?: number | undefined;
}

/** What may be asked of a list whose channel is not known beforehand. Empty text is the same as nothing. */
export interface ListParams extends Limited, InboxParams, ConversationsParams {}

/** What may be asked of a list, by its channel. */
export type ParamsOf<Name extends string> = string extends Name
  ? ListParams
  : Name extends 'inbox'
    ? Limited & InboxParams
    : Name extends 'conversations'
      ? Limited & Omit<ConversationsParams, 'view'> & { readonly view?: ConversationViewName | undefined }
      : Limited;
