import type { InboxKind } from '@roost/protocol';

const SECRETS = ['token', 'app_secret', 'verify_token', 'account_id'] as const;

/** What the form of a new inbox says, as the server takes it. Empty fields are left out. */
export function newInbox(kind: InboxKind, form: Pick<FormData, 'get'>) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    kind,
    name: text('name'),
    threads: true,
    ...(kind === 'api' ? {} : { address: text('address') }),
    ...(kind === 'whatsapp'
      ? { settings: keysIn(form), ...(text('phone') === '' ? {} : { phone: text('phone') }) }
      : {}),
  };
}

/** The keys that were typed, as an inbox keeps them in its settings. */
export function keysIn(form: Pick<FormData, 'get'>): Record<string, string> {
  const typed = SECRETS.map((name) => [name, String(form.get(name) ?? '').trim()] as const);
  return Object.fromEntries(typed.filter(([, value]) => value !== ''));
}
