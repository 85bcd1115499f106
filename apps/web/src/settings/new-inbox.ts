import type { InboxKind } from '@roost/protocol';

const SECRETS = ['token', 'app_secret', 'verify_token', 'account_id'] as const;

/** What the form of a new inbox says, as the server takes it. Empty fields are left out. */
export function newInbox(kind: InboxKind, form: Pick<FormData, 'get'>) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const settings = Object.fromEntries(
    SECRETS.map((name) => [name, text(name)]).filter(([, value]) => value !== ''),
  );
  return {
    kind,
    name: text('name'),
    threads: true,
    ...(kind === 'api' ? {} : { address: text('address') }),
    ...(kind === 'whatsapp' ? { settings, ...(text('phone') === '' ? {} : { phone: text('phone') }) } : {}),
  };
}
