export type {
  CannedReplyRow,
  ContactRow,
  ConversationRow,
  ConversationViewName,
  Cursor,
  DraftMessageInput,
  EventData,
  EventName,
  FoundKind,
  InboxRow,
  LabelRow,
  MemberRow,
  MeRow,
  MessageRow,
  OpenMessage,
  ReadRow,
  Row,
  SearchHit,
  SearchPage,
  TemplateRow,
  Unread,
  UnreadRow,
} from '@roost/protocol';
export type { Channel, ListParams, ParamsOf, RowOf } from './channels.ts';
export { type Client, type ClientOptions, createClient, type Inspection } from './client.ts';
export { ClientError, type ClientErrorCode } from './client-error.ts';
export { type Clock, type Random, systemClock, systemRandom } from './clock.ts';
export type { Present } from './ephemera.ts';
export type { Report } from './listeners.ts';
export type { ListState } from './listing.ts';
export type { LiveList } from './lists.ts';
export type { OutboxEntry } from './outbox.ts';
export type { Method } from './rest.ts';
export { createSearch, type Search, type SearchParams, type SearchState } from './search.ts';
export type { OpenSocket, SocketLike } from './socket.ts';
export type { Status } from './status.ts';
export type { Store } from './store.ts';
export type { Happening, Surroundings } from './surroundings.ts';
export { defaultTiming, type Timing } from './timing.ts';
export type { GetToken } from './token.ts';
export type { UnreadCount, UnreadState } from './unread.ts';
