import type { HostRole } from '../domain/index.ts';
import type { ServerTrust } from './host-tokens.ts';

/** What the settings say of a host application. */
export interface HostSettings {
  readonly hostIssuer: string | null;
  readonly hostAudience: string;
  readonly hostSecret: string | null;
  readonly hostJwksUrl: string | null;
  readonly hostRoleMax: HostRole;
  /** Empty for the first organisation alone; `*` for all. */
  readonly hostOrgs: readonly string[];
}

/** The host that the settings trust; null where they name none. Organisations that name their own go by that. */
export function serverTrustOf(settings: HostSettings, firstOrg: string): ServerTrust | null {
  const { hostIssuer: issuer, hostSecret: secret, hostJwksUrl: jwks_url, hostOrgs } = settings;
  if (issuer === null) return null;
  return {
    issuer,
    audience: settings.hostAudience,
    secret,
    jwks_url,
    role_max: settings.hostRoleMax,
    speaksFor: (org) =>
      hostOrgs.length === 0 ? org === firstOrg : hostOrgs.includes('*') || hostOrgs.includes(org),
  };
}
