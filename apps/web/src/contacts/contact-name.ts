import type { ContactRow } from '@roost/protocol';

export function nameOfContact({ name, emails, phones, external_ids }: ContactRow): string {
  return name || emails[0] || phones[0] || external_ids[0] || 'Unknown contact';
}

/** Whether name, an address, a number or a field holds these words, given in lower case. */
export function isAbout(words: string): (contact: ContactRow) => boolean {
  if (words === '') return () => true;
  const digits = words.replace(/[\s()/-]/g, '');
  return ({ name, emails, phones, external_ids, fields }) =>
    [name, ...emails, ...external_ids, ...Object.values(fields)].some((text) =>
      text.toLowerCase().includes(words),
    ) || phones.some((phone) => phone.includes(digits));
}
