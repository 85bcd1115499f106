import type { Role } from '@roost/protocol';

export const roleWords: Record<Role, readonly [string, string]> = {
  owner: ['Owner', 'Everything, and who else is an owner.'],
  admin: ['Admin', 'Members, inboxes and all settings.'],
  agent: ['Agent', 'Reads and answers.'],
  viewer: ['Viewer', 'Reads, and answers nothing.'],
};

/** Roles that somebody may give: only owners make owners. */
export function givenBy(role: Role): readonly Role[] {
  if (role === 'owner') return ['owner', 'admin', 'agent', 'viewer'];
  return role === 'admin' ? ['admin', 'agent', 'viewer'] : [];
}
