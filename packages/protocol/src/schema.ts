/** The schemas: for servers and documents. Clients need only the types and the pure functions of the package's root. */
export { downFrame } from './down.ts';
export { accessRow } from './entities/access.ts';
export { autoReplyRow } from './entities/auto-reply.ts';
export { cannedReplyRow } from './entities/canned-reply.ts';
export { contactRow } from './entities/contact.ts';
export {
  contactBrief,
  conversationRow,
  conversationStatus,
  messageBrief,
  unreadRow,
} from './entities/conversation.ts';
export { inboxRow, via } from './entities/inbox.ts';
export { inboxSettingsRow } from './entities/inbox-settings.ts';
export { jobRow } from './entities/job.ts';
export { labelRow } from './entities/label.ts';
export { mailboxRow, specialUse } from './entities/mailbox.ts';
export { meRow } from './entities/me.ts';
export { memberRow, role } from './entities/member.ts';
export {
  attachment,
  deliveryStatus,
  mailState,
  messageContent,
  messageKind,
  messagePart,
  messageRow,
  openMessage,
} from './entities/message.ts';
export { policyRow } from './entities/policy.ts';
export { readRow } from './entities/read.ts';
export { condition, decidedBy, decision, ruleAction, ruleField, ruleRow } from './entities/rule.ts';
export { templateRow } from './entities/template.ts';
export { EVENT_NAMES, eventData, eventName } from './events/event.ts';
export { ingestMessage, listDelta, listPage, listQuery, problem, signedIn, signIn } from './rest.ts';
export { foundKind, searchHit, searchPage } from './search.ts';
export { draftMessage } from './send.ts';
export { upFrame } from './up.ts';
