import { Failure } from '@roost/protocol';
import type { Tx } from '../../store/database.ts';
import { knownMember, type StoredMember } from './member.ts';

/** A member who may act. @throws member.unknown  nobody, or deactivated */
export async function activeMember(tx: Tx, org: string, id: string): Promise<StoredMember> {
  const member = await knownMember(tx, org, id);
  if (!member.active) throw new Failure('member.unknown', 'This member was deactivated.');
  return member;
}
