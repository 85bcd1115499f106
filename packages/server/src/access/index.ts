export { Access, type AccessNeeds, isRevocation } from './access.ts';
export { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-token.ts';
export { createApiToken, type NewApiToken } from './api-token.ts';
export { TooManyAttempts } from './attempts.ts';
export { type Founded, found, knownOrganisation, type Wanted } from './founding.ts';
export { HostDoor } from './host-door.ts';
export { HostKeys } from './host-keys.ts';
export { HostTokens, type ServerTrust } from './host-tokens.ts';
export {
  type Acceptance,
  type Invitation,
  Invitations,
  type Invited,
  invitationUrl,
  invite,
  type Offer,
} from './invitations.ts';
export { createOrganisation, type NewOrganisation, slugOf } from './organisations.ts';
export { OriginRule } from './origin.ts';
export { OwnAccount } from './own-account.ts';
export { Passwords } from './passwords.ts';
export type { Person, Principal } from './principal.ts';
export { RevocationWatch } from './revocation-watch.ts';
export { hashSecret } from './secret.ts';
export { type HostSettings, serverTrustOf } from './server-trust.ts';
export { SessionKeys } from './session-key.ts';
export { type Client, type OpenedSession, SESSION_LIFETIME_MS, SignIn } from './sign-in.ts';
export { createSignInLink, signInUrl } from './sign-in-link.ts';
export { VisitorTokens } from './visitor-tokens.ts';
