/** The number that the payloads of the corpus are about, and who writes to it. */
export const ACCOUNT_ID = '102290129340398';
export const PHONE_NUMBER_ID = '106540352242922';
export const DISPLAY_PHONE = '15550783881';
export const ANN = '16505551234';
export const ANN_USER_ID = 'US.13491208655302741918';

export const metadata = { display_phone_number: DISPLAY_PHONE, phone_number_id: PHONE_NUMBER_ID };
export const ann = { profile: { name: 'Ann Lee' }, wa_id: ANN };

/** A webhook with one change. */
export function webhook(value: unknown, field: unknown = 'messages') {
  return { object: 'whatsapp_business_account', entry: [{ id: ACCOUNT_ID, changes: [{ value, field }] }] };
}

/** A webhook with messages of Ann's. */
export function fromAnn(...messages: readonly object[]) {
  return webhook({
    messaging_product: 'whatsapp',
    metadata,
    contacts: [ann],
    messages: messages.map((message, index) => ({
      from: ANN,
      id: `wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ${index}`,
      timestamp: '1749416383',
      ...message,
    })),
  });
}

/** A webhook with statuses of what was sent to Ann. */
export function toAnn(...statuses: readonly object[]) {
  return webhook({
    messaging_product: 'whatsapp',
    metadata,
    statuses: statuses.map((status) => ({ timestamp: '1750263773', recipient_id: ANN, ...status })),
  });
}
