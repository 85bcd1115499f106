export { type ChannelParams, EVENTS_CHANNEL, PRESENCE_CHANNEL, viewOfChannel } from './channel.ts';
export { type Cursor, formatCursor, formatEtag, parseCursor, parseEtag } from './cursor.ts';
export type { Delta } from './delta.ts';
export type { DownFrame } from './down.ts';
export type { AccessRow } from './entities/access.ts';
export type { AutoReplyRow } from './entities/auto-reply.ts';
export type { CannedReplyRow } from './entities/canned-reply.ts';
export type { ContactRow } from './entities/contact.ts';
export type { ConversationRow, ConversationStatus, UnreadRow } from './entities/conversation.ts';
export type { InboxKind, InboxRow } from './entities/inbox.ts';
export type { InboxSettingsRow } from './entities/inbox-settings.ts';
export type { JobRow } from './entities/job.ts';
export type { LabelRow } from './entities/label.ts';
export type { MailboxRow, SpecialUse } from './entities/mailbox.ts';
export type { MeRow } from './entities/me.ts';
export type { MemberRow, Role } from './entities/member.ts';
export type {
  Attachment,
  DeliveryStatus,
  MailState,
  MessageContent,
  MessageKind,
  MessagePart,
  MessageRow,
  OpenMessage,
} from './entities/message.ts';
export type { PolicyRow } from './entities/policy.ts';
export type { ReadRow } from './entities/read.ts';
export type {
  Condition,
  DecidedBy,
  Decision,
  RuleAction,
  RuleField,
  RuleRow,
} from './entities/rule.ts';
export type { SessionRow } from './entities/session.ts';
export type { TemplateRow } from './entities/template.ts';
export type { Change, Entities, EntityKind, Row } from './entity.ts';
export type { EventData, EventName, NamedEvent } from './events/event.ts';
export { Failure, type FailureCode, failures, type Remedy, remedyOfClose } from './failures.ts';
export {
  type AddressFilter,
  addressMatches,
  domainPart,
  localPart,
  normalAddress,
  parseAddressFilter,
  wildcardMatches,
} from './filter.ts';
export type { InboxId, MessageId, OrgId, UserId } from './ids.ts';
export * as limits from './limits.ts';
export {
  channelWords,
  type InboxParams,
  type NoOutline,
  type Outline,
  type OutlineParams,
  outlineOf,
} from './outline.ts';
export type { IngestMessage, ListDelta, ListPage, ListQuery, Problem, SignedIn } from './rest.ts';
export type { FoundKind, SearchHit, SearchPage } from './search.ts';
export type { DraftMessage, DraftMessageInput } from './send.ts';
export { arrivalOffset, formatArrival, type Unread, unreadIn } from './unread.ts';
export type { UpFrame, UpFrameInput } from './up.ts';
export { PROTOCOL_VERSION, SUBPROTOCOL } from './version.ts';
export { conversationView, directView, readsView, threadView, unreadView } from './views/conversation.ts';
export { conversationsView } from './views/conversations.ts';
export { inboxView } from './views/inbox.ts';
export {
  autoReplyView,
  filtersView,
  jobsView,
  mailboxesView,
  mailboxView,
  policiesView,
  policyRulesView,
  quarantineView,
  settingsView,
} from './views/mail.ts';
export { meView } from './views/me.ts';
export { messageView } from './views/message.ts';
export {
  type ConversationsParams,
  type ConversationViewName,
  conversationViews,
  isIn,
} from './views/parts.ts';
export type { View, Viewer } from './views/view.ts';
export {
  appendPage,
  foldDelta,
  type Rows,
  type SortKey,
  trimWindow,
  type Window,
  windowOf,
} from './window.ts';
