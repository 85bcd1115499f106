import { createRegistry } from '../commands/index.ts';
import { readAccessQuery } from './access/queries.ts';
import { archiveCommands, archiveQueries } from './archives/index.ts';
import { attemptCommands, attemptQueries } from './attempts/index.ts';
import { autoReplyCommands } from './auto-reply/index.ts';
import { addCannedReply, removeCannedReply, updateCannedReply } from './canned/commands.ts';
import { addContact, updateContact } from './contacts/commands.ts';
import { changeConversations, wakeConversations } from './conversations/change.ts';
import { findDueSnoozes } from './conversations/queries.ts';
import { readConversation, unreadConversation } from './conversations/read.ts';
import { changeParticipants, startConversation, startDirect } from './conversations/start.ts';
import { createInbox, keepMailInbox, updateInbox } from './inboxes/commands.ts';
import { findInboxQuery, listAllInboxes, readInboxSettings } from './inboxes/queries.ts';
import { jobCommands, jobQueries } from './jobs/index.ts';
import { keepLabel, removeLabel } from './labels/commands.ts';
import { trimLog } from './log/commands.ts';
import { readHeads, readLog } from './log/queries.ts';
import { changeMail } from './mail/change.ts';
import { changeFoundMail } from './mail/change-found.ts';
import { deleteQuarantined } from './mail/delete-quarantined.ts';
import { listDropped } from './mail/dropped.ts';
import { quarantineMail, releaseMail } from './mail/quarantine.ts';
import { findQuarantined } from './mail/quarantined.ts';
import { makeRulesOf } from './mail/rules-of.ts';
import { createMailbox, removeMailbox, updateMailbox } from './mailboxes/commands.ts';
import { seeMailInbox } from './mailboxes/queries.ts';
import { addMemberCommand, markRead } from './members/commands.ts';
import { acceptMessages } from './messages/accept.ts';
import { findAttachment, findSource, referencedBlobs } from './messages/queries.ts';
import { namesContent } from './messages/remote-content.ts';
import { removeMessages } from './messages/remove.ts';
import { sendMessage } from './messages/send.ts';
import { dropOldUploads, keepUpload } from './messages/uploads.ts';
import { foundOrganisation } from './organisations/found.ts';
import { listOrganisations, readSetting } from './organisations/queries.ts';
import { keepSetting } from './organisations/settings.ts';
import { outboxCommands, outboxQueries } from './outbox/index.ts';
import { peopleCommands, peopleQueries } from './people.ts';
import { retentionCommands, retentionQueries } from './retention/index.ts';
import { addRule, keepPolicy, removeRule, updateRule } from './rules/commands.ts';
import { dryRunRules } from './rules/dry-run.ts';
import { orderRules } from './rules/order.ts';
import { testRule } from './rules/test-rule.ts';
import { searchCommands, searchQueries } from './search/index.ts';
import { settingsCommands } from './settings/index.ts';
import { readView } from './views/rows.ts';
import { readVisitorMessages } from './visitors/queries.ts';
import { webhookCommands, webhookQueries } from './webhooks/index.ts';
import { whatsappCommands, whatsappQueries } from './whatsapp/index.ts';

export {
  type ArchivedState,
  archivedState,
  type ExportedMail,
  type ExportPage,
  type ExportWork,
  exportWork,
  type ImportWork,
  importWork,
} from './archives/index.ts';
export {
  ATTEMPTS_AT_ONCE,
  ATTEMPTS_KEPT_COUNT,
  type Attempt,
  type AttemptListed,
  attemptOutcome,
  attemptWay,
  type DeliveryHealth,
} from './attempts/index.ts';
export type { AuditPage, AuditRow } from './audit/list.ts';
export { whatsappIdentity } from './contacts/identity.ts';
export { isAmongMembers, mayHear, namedEvents, type ToldEvent } from './events/index.ts';
export { inboxFor } from './inboxes/address.ts';
export type { InboxOfOrg } from './inboxes/queries.ts';
export type { InvitationListed, InvitationOpened } from './invitations/queries.ts';
export type { ClaimedJob, JobFile } from './jobs/index.ts';
export { FILE_KEPT_MS } from './jobs/index.ts';
export type { Head } from './log/queries.ts';
export type { HostUser } from './members/host-user.ts';
export { hostUser, isAsSaid } from './members/host-user.ts';
export type { OwnOrganisation } from './members/queries.ts';
export type { Accepted } from './messages/accept.ts';
export type { Arrival } from './messages/arrival.ts';
export { authorOf } from './messages/author.ts';
export type { SentMessage } from './messages/send.ts';
export { HOST_ROLES, type HostRole, type HostTrust } from './organisations/host.ts';
export type { Carrier, Claimed, Due, Outgoing, OutgoingOutcome, OutgoingPayload } from './outbox/index.ts';
export { PURGE_MAX_COUNT, type PurgePlan, type PurgeScope, type Retention } from './retention/index.ts';
export { trial as ruleTrial } from './rules/dry-run.ts';
export { sampleFields } from './rules/sample.ts';
export { ruleToTest } from './rules/test-rule.ts';
export { SEARCH_MAX_CHARS } from './search/index.ts';
export type { ApiTokenListed, SessionListed } from './sessions/queries.ts';
export type { NewSession } from './sessions/session.ts';
export type { ViewPage } from './views/rows.ts';
export type { UnreadIn, UnreadState } from './views/unread-page.ts';
export type { VisitorMessage } from './visitors/queries.ts';
export type { ClaimedDelivery, Delivery, DeliveryOutcome, DueDelivery, Webhook } from './webhooks/index.ts';
export { deliveryState, webhookFields } from './webhooks/index.ts';
export type {
  Leftover,
  ListedTemplate,
  SyncedTemplates,
  WaitingFile,
  WhatsAppNumber,
  WhatsAppSettings,
} from './whatsapp/index.ts';
export { whatsappSettings } from './whatsapp/index.ts';

/** Every write by its place in the domain. */
export const commands = {
  foundOrganisation,
  keepSetting,
  addMember: addMemberCommand,
  ...peopleCommands,
  ...outboxCommands,
  ...whatsappCommands,
  markRead,
  keepMailInbox,
  createInbox,
  updateInbox,
  acceptMessages,
  removeMessages,
  sendMessage,
  keepUpload,
  dropOldUploads,
  readConversation,
  unreadConversation,
  changeConversations,
  wakeConversations,
  startConversation,
  startDirect,
  changeParticipants,
  addContact,
  updateContact,
  keepLabel,
  removeLabel,
  createMailbox,
  updateMailbox,
  removeMailbox,
  changeMail,
  changeFoundMail,
  releaseMail,
  quarantineMail,
  deleteQuarantined,
  makeRulesOf,
  addRule,
  updateRule,
  orderRules,
  removeRule,
  keepPolicy,
  addCannedReply,
  updateCannedReply,
  removeCannedReply,
  trimLog,
  ...attemptCommands,
  ...searchCommands,
  ...webhookCommands,
  ...settingsCommands,
  ...autoReplyCommands,
  ...jobCommands,
  ...archiveCommands,
  ...retentionCommands,
} as const;

/** Every read. */
export const queries = {
  listOrganisations,
  readSetting,
  ...peopleQueries,
  ...outboxQueries,
  ...whatsappQueries,
  listAllInboxes,
  readInboxSettings,
  findInbox: findInboxQuery,
  readVisitorMessages,
  readAccess: readAccessQuery,
  findDueSnoozes,
  findAttachment,
  namesContent,
  findSource,
  seeMailInbox,
  testRule,
  dryRunRules,
  findQuarantined,
  listDropped,
  referencedBlobs,
  readHeads,
  readLog,
  ...webhookQueries,
  ...attemptQueries,
  ...searchQueries,
  ...jobQueries,
  ...archiveQueries,
  ...retentionQueries,
  readView,
} as const;

export const registry = createRegistry(Object.values(commands), Object.values(queries));
