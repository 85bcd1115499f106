import type { ContactRow } from '@roost/protocol';

/** Addresses and the organisation's own fields, each with its name. */
export function ContactFacts({ contact }: { contact: ContactRow }) {
  const facts: (readonly [string, string])[] = [
    ...contact.emails.map((email) => ['E-mail', email] as const),
    ...contact.phones.map((phone) => ['Phone', phone] as const),
    ...contact.external_ids.map((id) => ['Id', id] as const),
    ...Object.entries(contact.fields),
  ];
  if (facts.length === 0) return <p className="text-[0.8125rem] text-ink-3">Nothing more is known.</p>;
  return (
    <dl className="grid gap-2.5 text-[0.8125rem]">
      {facts.map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt className="text-ink-3 text-xs">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
