import type { AccessRow } from './entities/access.ts';
import type { AutoReplyRow } from './entities/auto-reply.ts';
import type { CannedReplyRow } from './entities/canned-reply.ts';
import type { ContactRow } from './entities/contact.ts';
import type { ConversationRow } from './entities/conversation.ts';
import type { InboxRow } from './entities/inbox.ts';
import type { InboxSettingsRow } from './entities/inbox-settings.ts';
import type { JobRow } from './entities/job.ts';
import type { LabelRow } from './entities/label.ts';
import type { MailboxRow } from './entities/mailbox.ts';
import type { MeRow } from './entities/me.ts';
import type { MemberRow } from './entities/member.ts';
import type { MessageRow } from './entities/message.ts';
import type { PolicyRow } from './entities/policy.ts';
import type { ReadRow } from './entities/read.ts';
import type { RuleRow } from './entities/rule.ts';
import type { SessionRow } from './entities/session.ts';
import type { TemplateRow } from './entities/template.ts';

/** Every kind of entity whose changes the log carries, with the row readers see of it. */
export interface Entities {
  message: MessageRow;
  conversation: ConversationRow;
  contact: ContactRow;
  read: ReadRow;
  member: MemberRow;
  me: MeRow;
  access: AccessRow;
  inbox: InboxRow;
  label: LabelRow;
  canned_reply: CannedReplyRow;
  mailbox: MailboxRow;
  rule: RuleRow;
  policy: PolicyRow;
  auto_reply: AutoReplyRow;
  inbox_settings: InboxSettingsRow;
  job: JobRow;
  template: TemplateRow;
  session: SessionRow;
}
export type EntityKind = keyof Entities;

/** What every row has: `version` is the offset of its last change. */
export interface Row {
  readonly id: string;
  readonly version: number;
}

/**
 * One entity put or removed by a log entry. `before` and `after` are the rows around the change:
 * null before it existed, null after it is gone.
 */
export interface Change<Kind extends EntityKind = EntityKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly before: Entities[Kind] | null;
  readonly after: Entities[Kind] | null;
}
