import type { Outgoing, OutgoingPayload } from '../transport.ts';

/** A mail under way out, with what a test cares about. */
export function outgoing(payload: Partial<OutgoingPayload> = {}, item: Partial<Outgoing> = {}): Outgoing {
  return {
    org: 'a',
    message_id: 'm1',
    inbox_id: 'i1',
    via: 'mail',
    attempts: 1,
    ...item,
    payload: {
      from: { address: 'help@a.test', name: 'Help' },
      to: { address: 'ann@example.org', name: 'Ann Lee' },
      subject: 'Re: Lamp',
      text: 'It is on its way.',
      html: null,
      reply_to_external_id: null,
      references: [],
      message_id_header: '<m1@a.test>',
      template: null,
      attachments: [],
      ...payload,
    },
  };
}
