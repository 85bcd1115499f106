import { Field } from '../ui/field.tsx';

/** What the Cloud API and its webhooks are known by. Nobody reads it back. */
export function WhatsAppKeys() {
  return (
    <>
      <Field
        label="Access token"
        hint="Kept, and never shown again."
        name="token"
        type="password"
        autoComplete="off"
        required
      />
      <Field
        label="App secret"
        hint="Signs what the webhook brings."
        name="app_secret"
        type="password"
        autoComplete="off"
        required
      />
      <Field
        label="Verify token"
        hint="A word of your own, which Meta sends when you set up the webhook at /webhooks/whatsapp."
        name="verify_token"
        autoComplete="off"
        required
      />
      <Field
        label="Business account id"
        hint="For its templates; leave empty if you use none."
        name="account_id"
        inputMode="numeric"
        pattern="[0-9]*"
      />
    </>
  );
}
