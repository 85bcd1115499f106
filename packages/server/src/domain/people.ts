import { listAudit } from './audit/list.ts';
import { acceptInvitation } from './invitations/accept.ts';
import { inviteMember, revokeInvitation } from './invitations/invite.ts';
import { listInvitations, openInvitation } from './invitations/queries.ts';
import { changeRole } from './members/change-role.ts';
import { deactivateMember, reactivateMember } from './members/deactivate.ts';
import { enterFromHost, findHostUser } from './members/host-user.ts';
import { setPassword } from './members/password.ts';
import { listMembers, listOwnOrganisations, readCredentials, readPasswordHash } from './members/queries.ts';
import { removeMember } from './members/remove.ts';
import { readHostTrust, trustHost } from './organisations/host.ts';
import {
  closeOtherSessions,
  closeSession,
  createSignInLink,
  dropExpiredSessions,
  openSessionCommand,
  redeemSignInLink,
} from './sessions/commands.ts';
import {
  findApiToken,
  findSession,
  findSignInLink,
  listApiTokens,
  listSessionsOf,
} from './sessions/queries.ts';
import { endReplayedSession, rotateSession } from './sessions/rotate.ts';
import { createApiToken, revokeAnyApiToken, revokeApiToken, touchApiToken } from './sessions/tokens.ts';

/** Who is here, what they may, and what they hold that proves it. */
export const peopleCommands = {
  removeMember,
  changeRole,
  deactivateMember,
  reactivateMember,
  setPassword,
  inviteMember,
  revokeInvitation,
  acceptInvitation,
  openSession: openSessionCommand,
  closeSession,
  closeOtherSessions,
  rotateSession,
  endReplayedSession,
  createSignInLink,
  redeemSignInLink,
  createApiToken,
  revokeApiToken,
  revokeAnyApiToken,
  touchApiToken,
  trustHost,
  enterFromHost,
  dropExpiredSessions,
} as const;

export const peopleQueries = {
  listMembers,
  listOwnOrganisations,
  readCredentials,
  readPasswordHash,
  findSession,
  findApiToken,
  findSignInLink,
  listSessionsOf,
  listApiTokens,
  listInvitations,
  openInvitation,
  readHostTrust,
  findHostUser,
  listAudit,
} as const;
