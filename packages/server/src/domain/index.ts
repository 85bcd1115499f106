import { createRegistry } from '../commands/index.ts';
import { keepMailInbox } from './inboxes/commands.ts';
import { listAllInboxes } from './inboxes/queries.ts';
import { trimLog } from './log/commands.ts';
import { readHeads, readLog } from './log/queries.ts';
import { addMemberCommand, markRead, removeMember, setPassword } from './members/commands.ts';
import { listMembers, readCredentials, readPasswordHash } from './members/queries.ts';
import { acceptMessages } from './messages/accept.ts';
import { findAttachment, findSource, referencedBlobs } from './messages/queries.ts';
import { removeMessages } from './messages/remove.ts';
import { foundOrganisation } from './organisations/found.ts';
import { listOrganisations, readSetting } from './organisations/queries.ts';
import { keepSetting } from './organisations/settings.ts';
import {
  closeSession,
  createApiToken,
  createSignInLink,
  dropExpiredSessions,
  openSessionCommand,
  redeemSignInLink,
} from './sessions/commands.ts';
import { findApiToken, findSession, findSignInLink } from './sessions/queries.ts';
import { readView } from './views/rows.ts';

export { inboxFor } from './inboxes/address.ts';
export type { InboxOfOrg } from './inboxes/queries.ts';
export type { Head } from './log/queries.ts';
export type { Accepted } from './messages/accept.ts';
export type { Arrival } from './messages/arrival.ts';
export type { ViewPage } from './views/rows.ts';

/** Every write by its place in the domain. */
export const commands = {
  foundOrganisation,
  keepSetting,
  addMember: addMemberCommand,
  removeMember,
  markRead,
  setPassword,
  openSession: openSessionCommand,
  closeSession,
  createSignInLink,
  redeemSignInLink,
  createApiToken,
  dropExpiredSessions,
  keepMailInbox,
  acceptMessages,
  removeMessages,
  trimLog,
} as const;

/** Every read. */
export const queries = {
  listOrganisations,
  readSetting,
  listMembers,
  readCredentials,
  readPasswordHash,
  findSession,
  findApiToken,
  findSignInLink,
  listAllInboxes,
  findAttachment,
  findSource,
  referencedBlobs,
  readHeads,
  readLog,
  readView,
} as const;

export const registry = createRegistry(Object.values(commands), Object.values(queries));
