import type { Change } from '@roost/protocol';
import { type ToldEvent, told } from './told.ts';

const EVERYBODY = { inbox_id: null, user_ids: null } as const;

export function contactUpdated({ before, after }: Change<'contact'>, timestamp: string): ToldEvent[] {
  if (after === null || before?.version === after.version) return [];
  const data = {
    contactId: after.id,
    contactName: after.name === '' ? null : after.name,
    phoneNumber: after.phones[0] ?? null,
    phoneNumbers: after.phones,
    emails: after.emails,
    externalIds: after.external_ids,
    fields: after.fields,
    isNew: before === null,
    timestamp,
  };
  return [told('contact:updated', data, EVERYBODY)];
}
