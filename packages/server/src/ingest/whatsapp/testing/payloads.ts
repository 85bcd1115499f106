import {
  ACCOUNT_ID,
  ANN,
  ANN_USER_ID,
  ann,
  DISPLAY_PHONE,
  fromAnn,
  metadata,
  PHONE_NUMBER_ID,
  toAnn,
  webhook,
} from './envelope.ts';

/** One webhook as it comes, and what it must be read as: as many happenings as are listed, each with these fields. */
export interface Sample {
  readonly name: string;
  readonly body: unknown;
  readonly tells: readonly Record<string, unknown>[];
}

const media = { sha256: 'HsVNGm0TCw7v3lZ6C0Pe7MPZx6TqzS5ULc2pAJQDH5M=', id: '1908647269898587' };

/** What people write, in every kind there is. */
const messages: readonly Sample[] = [
  {
    name: 'a text',
    body: fromAnn({ type: 'text', text: { body: 'Does it come in another color? 🎨' } }),
    tells: [
      {
        what: 'message',
        account_id: ACCOUNT_ID,
        phone_number_id: PHONE_NUMBER_ID,
        display_phone: DISPLAY_PHONE,
        id: 'wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ0',
        from: ANN,
        user_id: null,
        name: 'Ann Lee',
        at: 1_749_416_383_000,
        reply_to: null,
        forwarded: false,
        content: { kind: 'text', body: 'Does it come in another color? 🎨' },
        errors: [],
      },
    ],
  },
  {
    name: 'an image with a caption',
    body: fromAnn({
      type: 'image',
      image: { caption: 'This one', mime_type: 'image/jpeg', url: 'https://lookaside.example/1', ...media },
    }),
    tells: [
      {
        content: {
          kind: 'media',
          as: 'image',
          media: { id: media.id, content_type: 'image/jpeg', sha256: media.sha256, filename: null },
          caption: 'This one',
        },
      },
    ],
  },
  {
    name: 'a video',
    body: fromAnn({ type: 'video', video: { mime_type: 'video/mp4', ...media } }),
    tells: [{ content: { kind: 'media', as: 'video', media: { content_type: 'video/mp4' }, caption: null } }],
  },
  {
    name: 'a piece of music',
    body: fromAnn({ type: 'audio', audio: { mime_type: 'audio/mpeg', voice: false, ...media } }),
    tells: [{ content: { kind: 'media', as: 'audio' } }],
  },
  {
    name: 'a voice message',
    body: fromAnn({ type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', voice: true, ...media } }),
    tells: [{ content: { kind: 'media', as: 'voice', media: { content_type: 'audio/ogg; codecs=opus' } } }],
  },
  {
    name: 'a voice message as older versions told it',
    body: fromAnn({ type: 'voice', voice: { mime_type: 'audio/ogg; codecs=opus', ...media } }),
    tells: [{ content: { kind: 'media', as: 'voice' } }],
  },
  {
    name: 'a document with its name, which tries to turn its direction',
    body: fromAnn({
      type: 'document',
      document: { filename: 'invoice\u202Efdp.exe', caption: 'ours', mime_type: 'application/pdf', ...media },
    }),
    tells: [
      {
        content: {
          kind: 'media',
          as: 'document',
          media: { filename: 'invoicefdp.exe', content_type: 'application/pdf' },
          caption: 'ours',
        },
      },
    ],
  },
  {
    name: 'a sticker',
    body: fromAnn({ type: 'sticker', sticker: { mime_type: 'image/webp', animated: true, ...media } }),
    tells: [{ content: { kind: 'media', as: 'sticker' } }],
  },
  {
    name: 'a place with a name',
    body: fromAnn({
      type: 'location',
      location: {
        latitude: 52.52,
        longitude: 13.405,
        name: 'Berlin',
        address: 'Alexanderplatz',
        url: 'https://x',
      },
    }),
    tells: [
      {
        content: {
          kind: 'location',
          latitude: 52.52,
          longitude: 13.405,
          name: 'Berlin',
          address: 'Alexanderplatz',
        },
      },
    ],
  },
  {
    name: 'a place on the sea, with numbers written as text',
    body: fromAnn({ type: 'location', location: { latitude: '0', longitude: '-30.5' } }),
    tells: [{ content: { kind: 'location', latitude: 0, longitude: -30.5, name: null, address: null } }],
  },
  {
    name: 'two contacts, one of them half empty',
    body: fromAnn({
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Bo Berg', first_name: 'Bo', last_name: 'Berg' },
          phones: [{ phone: '+1 650-555-9999', wa_id: '16505559999', type: 'HOME' }, { wa_id: '4930123456' }],
          emails: [{ email: 'bo@example.org', type: 'WORK' }],
          org: { company: 'Berg' },
        },
        { name: { first_name: 'Cy', last_name: 'Dahl' } },
      ],
    }),
    tells: [
      {
        content: {
          kind: 'contacts',
          contacts: [
            { name: 'Bo Berg', phones: ['+1 650-555-9999', '4930123456'], emails: ['bo@example.org'] },
            { name: 'Cy Dahl', phones: [], emails: [] },
          ],
        },
      },
    ],
  },
  {
    name: 'a button of a template',
    body: fromAnn({
      context: { from: DISPLAY_PHONE, id: 'wamid.template' },
      type: 'button',
      button: { payload: 'confirm-17', text: 'Confirm' },
    }),
    tells: [
      {
        reply_to: 'wamid.template',
        content: { kind: 'choice', by: 'template button', id: 'confirm-17', title: 'Confirm' },
      },
    ],
  },
  {
    name: 'a reply button',
    body: fromAnn({
      context: { from: DISPLAY_PHONE, id: 'wamid.question' },
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes, please' } },
    }),
    tells: [{ content: { kind: 'choice', by: 'reply button', id: 'yes', title: 'Yes, please' } }],
  },
  {
    name: 'a row of a list',
    body: fromAnn({
      type: 'interactive',
      interactive: {
        type: 'list_reply',
        list_reply: { id: 'slot-2', title: 'Tuesday', description: '10 to 12' },
      },
    }),
    tells: [
      { content: { kind: 'choice', by: 'list', id: 'slot-2', title: 'Tuesday', description: '10 to 12' } },
    ],
  },
  {
    name: 'a form that was filled in',
    body: fromAnn({
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"flow_token":"t","seats":"2"}' },
      },
    }),
    tells: [
      { content: { kind: 'form', name: 'flow', body: 'Sent', answer: '{"flow_token":"t","seats":"2"}' } },
    ],
  },
  {
    name: 'an interactive reply of a kind to come',
    body: fromAnn({ type: 'interactive', interactive: { type: 'hologram_reply', hologram_reply: { x: 1 } } }),
    tells: [{ content: { kind: 'unknown', type: 'interactive' } }],
  },
  {
    name: 'a reaction',
    body: fromAnn({ type: 'reaction', reaction: { message_id: 'wamid.ours', emoji: '👍🏽' } }),
    tells: [{ content: { kind: 'reaction', to: 'wamid.ours', emoji: '👍🏽' } }],
  },
  {
    name: 'a reaction taken back',
    body: fromAnn(
      { type: 'reaction', reaction: { message_id: 'wamid.ours', emoji: '' } },
      { type: 'reaction', reaction: { message_id: 'wamid.ours' } },
    ),
    tells: [
      { content: { kind: 'reaction', to: 'wamid.ours', emoji: null } },
      { content: { kind: 'reaction', to: 'wamid.ours', emoji: null } },
    ],
  },
  {
    name: 'an order',
    body: fromAnn({
      type: 'order',
      order: {
        catalog_id: '194836987003835',
        text: 'As a gift',
        product_items: [
          { product_retailer_id: 'di9ozbzfi4', quantity: 2, item_price: 30.5, currency: 'EUR' },
        ],
      },
    }),
    tells: [
      {
        content: {
          kind: 'order',
          text: 'As a gift',
          items: [{ id: 'di9ozbzfi4', quantity: 2, price: 30.5, currency: 'EUR' }],
        },
      },
    ],
  },
  {
    name: 'a new number',
    body: webhook({
      messaging_product: 'whatsapp',
      metadata,
      messages: [
        {
          from: ANN,
          id: 'wamid.system',
          timestamp: '1750269342',
          type: 'system',
          system: {
            body: 'User Ann Lee changed from 16505551234 to 12195555358',
            wa_id: '12195555358',
            type: 'user_changed_number',
          },
        },
      ],
    }),
    tells: [
      {
        from: ANN,
        name: '',
        content: { kind: 'system', type: 'user_changed_number', new_wa_id: '12195555358' },
      },
    ],
  },
  {
    name: 'a chat opened without a word',
    body: fromAnn({ type: 'request_welcome' }),
    tells: [{ content: { kind: 'system', type: 'request_welcome' } }],
  },
  {
    name: 'something the platform does not hand over',
    body: fromAnn({
      type: 'unsupported',
      unsupported: { type: 'poll_creation' },
      errors: [
        {
          code: 131051,
          title: 'Message type unknown',
          error_data: { details: 'Message type is currently not supported.' },
        },
      ],
    }),
    tells: [
      {
        content: { kind: 'unsupported', type: 'poll_creation' },
        errors: [
          {
            code: 131051,
            title: 'Message type unknown',
            details: 'Message type is currently not supported.',
          },
        ],
      },
    ],
  },
  {
    name: 'an answer that was forwarded often',
    body: fromAnn({
      context: { from: DISPLAY_PHONE, id: 'wamid.first', frequently_forwarded: true },
      type: 'text',
      text: { body: 'See this' },
    }),
    tells: [{ reply_to: 'wamid.first', forwarded: true }],
  },
  {
    name: 'a question about a product',
    body: fromAnn({
      type: 'text',
      text: { body: 'Is it there?' },
      context: { from: ANN, id: 'wamid.p', referred_product: { catalog_id: '1', product_retailer_id: '2' } },
    }),
    tells: [{ content: { kind: 'text', body: 'Is it there?' }, reply_to: 'wamid.p' }],
  },
  {
    name: 'a message that came by an advertisement',
    body: fromAnn({
      type: 'text',
      text: { body: 'Can I get more info?' },
      referral: {
        source_url: 'https://fb.me/ad',
        source_id: '120226305854810726',
        source_type: 'ad',
        body: 'Plants for every room',
        headline: 'Chat with us',
        media_type: 'image',
        image_url: 'https://scontent.example/x',
        ctwa_clid: 'Aff-n8',
      },
    }),
    tells: [
      {
        referral: {
          source_url: 'https://fb.me/ad',
          source_type: 'ad',
          headline: 'Chat with us',
          body: 'Plants for every room',
        },
      },
    ],
  },
  {
    name: 'somebody who shows only their user id',
    body: webhook({
      messaging_product: 'whatsapp',
      metadata,
      contacts: [{ profile: { name: 'Ann Lee', username: '@ann' }, user_id: ANN_USER_ID }],
      messages: [
        {
          from_user_id: ANN_USER_ID,
          id: 'wamid.hidden',
          timestamp: '1790000000',
          type: 'text',
          text: { body: 'Hello' },
        },
      ],
    }),
    tells: [{ from: null, user_id: ANN_USER_ID, name: 'Ann Lee', username: '@ann' }],
  },
  {
    name: 'somebody who shows both',
    body: webhook({
      messaging_product: 'whatsapp',
      metadata,
      contacts: [{ profile: { name: 'Ann Lee' }, wa_id: ANN, user_id: ANN_USER_ID }],
      messages: [{ from: ANN, id: 'wamid.both', type: 'text', text: { body: 'Hello' } }],
    }),
    tells: [{ from: ANN, user_id: ANN_USER_ID, at: null }],
  },
  {
    name: 'a message in a group',
    body: fromAnn({ group_id: 'Y2FwaV9ncm91cDox', type: 'text', text: { body: 'Hello all' } }),
    tells: [{ group_id: 'Y2FwaV9ncm91cDox', from: ANN }],
  },
  {
    name: 'an edit and a revocation',
    body: fromAnn(
      {
        type: 'edit',
        edit: { original_message_id: 'wamid.a', message: { type: 'text', text: { body: 'at 5, not at 4' } } },
      },
      { type: 'revoke', revoke: { original_message_id: 'wamid.b' } },
    ),
    tells: [
      { content: { kind: 'edited', of: 'wamid.a', body: 'at 5, not at 4' } },
      { content: { kind: 'revoked', of: 'wamid.b' } },
    ],
  },
  {
    name: 'a text of a very old version, without a type',
    body: fromAnn({ text: { body: 'Hello' } }),
    tells: [{ content: { kind: 'text', body: 'Hello' } }],
  },
];

/** What became of what was sent. */
const statuses: readonly Sample[] = [
  {
    name: 'sent, with its price and our own id',
    body: toAnn({
      id: 'wamid.ours',
      status: 'sent',
      biz_opaque_callback_data: '0000001m-a1b2c3',
      conversation: { id: '3c7', expiration_timestamp: '1750350173', origin: { type: 'service' } },
      pricing: { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' },
    }),
    tells: [
      {
        what: 'status',
        id: 'wamid.ours',
        status: 'sent',
        at: 1_750_263_773_000,
        recipient: ANN,
        our_id: '0000001m-a1b2c3',
        errors: [],
      },
    ],
  },
  {
    name: 'read before delivered, in one call',
    body: toAnn({ id: 'wamid.ours', status: 'read' }, { id: 'wamid.ours', status: 'delivered' }),
    tells: [
      { what: 'status', status: 'read', our_id: null },
      { what: 'status', status: 'delivered' },
    ],
  },
  {
    name: 'a voice message that was heard',
    body: toAnn({ id: 'wamid.ours', status: 'played' }),
    tells: [{ what: 'status', status: 'read' }],
  },
  {
    name: 'failed, with the reason',
    body: toAnn({
      id: 'wamid.ours',
      status: 'failed',
      errors: [
        {
          code: 131047,
          title: 'Re-engagement message',
          message: 'Re-engagement message',
          error_data: { details: 'More than 24 hours have passed since the customer last replied.' },
          href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
        },
      ],
    }),
    tells: [
      {
        what: 'status',
        status: 'failed',
        errors: [
          {
            code: 131047,
            title: 'Re-engagement message',
            details: 'More than 24 hours have passed since the customer last replied.',
          },
        ],
      },
    ],
  },
  {
    name: 'a status to come',
    body: toAnn(
      { id: 'wamid.ours', status: 'telepathic' },
      { status: 'sent' },
      { id: 'wamid.x', status: 'toString' },
    ),
    tells: [{ what: 'unknown' }, { what: 'unknown' }, { what: 'unknown' }],
  },
];

/** News of the account. */
const notices: readonly Sample[] = [
  {
    name: 'an error of the account',
    body: webhook({
      messaging_product: 'whatsapp',
      metadata,
      errors: [{ code: 130429, title: 'Rate limit hit', error_data: { details: 'Too many calls' } }],
    }),
    tells: [{ what: 'error', error: { code: 130429, title: 'Rate limit hit', details: 'Too many calls' } }],
  },
  {
    name: 'a template approved',
    body: webhook(
      {
        event: 'APPROVED',
        message_template_id: 594425479261596,
        message_template_name: 'order_ready',
        message_template_language: 'en_US',
        reason: 'NONE',
      },
      'message_template_status_update',
    ),
    tells: [
      {
        what: 'template',
        account_id: ACCOUNT_ID,
        phone_number_id: null,
        id: '594425479261596',
        name: 'order_ready',
        language: 'en_US',
        status: 'APPROVED',
      },
    ],
  },
  {
    name: 'the quality of a template',
    body: webhook(
      {
        previous_quality_score: 'GREEN',
        new_quality_score: 'YELLOW',
        message_template_id: 1,
        message_template_name: 'a',
        message_template_language: 'de',
      },
      'message_template_quality_update',
    ),
    tells: [{ what: 'template', status: null, name: 'a' }],
  },
  {
    name: 'the quality of a number',
    body: webhook(
      { display_phone_number: DISPLAY_PHONE, event: 'FLAGGED', current_limit: 'TIER_10K' },
      'phone_number_quality_update',
    ),
    tells: [{ what: 'notice', field: 'phone_number_quality_update' }],
  },
  {
    name: 'an account restricted',
    body: webhook({ event: 'ACCOUNT_RESTRICTION', restriction_info: [] }, 'account_update'),
    tells: [
      {
        what: 'notice',
        field: 'account_update',
        raw: '{"event":"ACCOUNT_RESTRICTION","restriction_info":[]}',
      },
    ],
  },
];

/** Batches, newer versions, and what nobody should send. */
const odd: readonly Sample[] = [
  {
    name: 'many entries and changes, in their order',
    body: {
      object: 'whatsapp_business_account',
      entry: [
        ...fromAnn({ type: 'text', text: { body: 'one' } }).entry,
        ...toAnn({ id: 'w', status: 'sent' }).entry,
        {
          id: 'other',
          changes: [
            { field: 'account_update', value: { event: 'X' } },
            ...fromAnn(
              { type: 'text', text: { body: 'two' } },
              { type: 'text', text: { body: 'three' } },
            ).entry.flatMap(({ changes }) => changes),
          ],
        },
      ],
    },
    tells: [
      { what: 'message', content: { body: 'one' } },
      { what: 'status' },
      { what: 'notice', account_id: 'other' },
      { what: 'message', content: { body: 'two' } },
      { what: 'message', content: { body: 'three' } },
    ],
  },
  {
    name: 'messages and statuses of one change',
    body: webhook({
      metadata,
      contacts: [ann],
      messages: [{ from: ANN, id: 'a', type: 'text', text: { body: 'x' } }],
      statuses: [{ id: 'b', status: 'sent' }],
      errors: [{ code: 1 }],
    }),
    tells: [{ what: 'message' }, { what: 'status' }, { what: 'error' }],
  },
  {
    name: 'a kind of a newer version, beside one we know',
    body: fromAnn({ type: 'hologram', hologram: { url: 'x' } }, { type: 'text', text: { body: 'Hello' } }),
    tells: [{ content: { kind: 'unknown', type: 'hologram' } }, { content: { kind: 'text' } }],
  },
  {
    name: 'a newer shape: ids as numbers, more fields than ever',
    body: {
      object: 'whatsapp_business_account',
      version: 99,
      entry: [
        {
          id: 102290129340398,
          time: 1,
          changes: [
            {
              field: 'messages',
              value: {
                metadata: {
                  phone_number_id: 106540352242922,
                  display_phone_number: DISPLAY_PHONE,
                  region: 'eu',
                },
                contacts: [{ ...ann, wa_id: 16505551234, mood: 'fine' }],
                messages: [
                  { from: 16505551234, id: 'n', timestamp: 1749416383, type: 'text', text: { body: 'x' } },
                ],
              },
            },
          ],
        },
      ],
    },
    tells: [{ phone_number_id: PHONE_NUMBER_ID, from: ANN, name: 'Ann Lee', at: 1_749_416_383_000 }],
  },
  {
    name: 'a text whose shape has changed',
    body: fromAnn({ type: 'text', text: { paragraphs: ['x'] } }),
    tells: [{ content: { kind: 'unknown', type: 'text' } }],
  },
  {
    name: 'a place off the earth',
    body: fromAnn({ type: 'location', location: { latitude: 99, longitude: 0 } }),
    tells: [{ content: { kind: 'unknown', type: 'location' } }],
  },
  {
    name: 'media without an id',
    body: fromAnn({ type: 'image', image: { mime_type: 'image/png' } }),
    tells: [{ content: { kind: 'media', media: { id: null } } }],
  },
  {
    name: 'kinds named as what every object has',
    body: fromAnn({ type: 'constructor' }, { type: '__proto__' }, { type: 'hasOwnProperty' }),
    tells: [
      { content: { kind: 'unknown', type: 'constructor' } },
      { content: { kind: 'unknown', type: '__proto__' } },
      { content: { kind: 'unknown', type: 'hasOwnProperty' } },
    ],
  },
  {
    name: 'a text with what no store holds',
    body: fromAnn({ type: 'text', text: { body: 'a\0b\ud800c' } }),
    tells: [{ content: { kind: 'text', body: 'a\uFFFDb\uFFFDc' } }],
  },
  {
    name: 'a name over several lines that turns its direction',
    body: webhook({
      metadata,
      contacts: [{ profile: { name: 'Ann\u202E\n  Lee' }, wa_id: ANN }],
      messages: [{ from: ANN, id: 'a', type: 'text', text: { body: 'x' } }],
    }),
    tells: [{ name: 'Ann Lee' }],
  },
  {
    name: 'a message without an id, one without a sender, and one that is nothing',
    body: webhook({ metadata, messages: [{ from: ANN, type: 'text' }, { id: 'a', type: 'text' }, null, 7] }),
    tells: [
      { what: 'unknown', says: 'A message has no id.' },
      { what: 'unknown', says: 'A message says not who sent it.' },
      { what: 'unknown' },
      { what: 'unknown', raw: '7' },
    ],
  },
  {
    name: 'lists that are none',
    body: webhook({ metadata, messages: { from: ANN }, statuses: 'sent' }),
    tells: [
      { what: 'unknown', says: '“messages” is no list.' },
      { what: 'unknown', says: '“statuses” is no list.' },
    ],
  },
  { name: 'an empty change', body: webhook({}), tells: [{ what: 'unknown' }] },
  { name: 'a change without anything', body: webhook(undefined, undefined), tells: [{ what: 'unknown' }] },
  {
    name: 'an entry without changes',
    body: { entry: [{ id: '1' }, null] },
    tells: [{ what: 'unknown' }, { what: 'unknown' }],
  },
  { name: 'no entries at all', body: { object: 'page' }, tells: [{ what: 'unknown' }] },
  { name: 'an empty call', body: { entry: [] }, tells: [] },
];

export const samples: readonly Sample[] = [...messages, ...statuses, ...notices, ...odd];
