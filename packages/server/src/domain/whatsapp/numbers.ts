import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import { type WhatsAppSettings, whatsappSettings } from './settings.ts';

/** A number on this server, with its keys. Never leaves the server. */
export interface WhatsAppNumber {
  readonly org: string;
  readonly inbox_id: string;
  readonly phone_number_id: string;
  /** Null where somebody has left out what is needed. */
  readonly settings: WhatsAppSettings | null;
}

/** Every WhatsApp inbox on this server; for the server itself. */
export const listWhatsAppNumbers = defineQuery({
  name: 'whatsapp.numbers',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx }): Promise<WhatsAppNumber[]> {
    const found = await tx.all<{ org: string; id: string; address: string; settings: string }>(
      `select org, id, address, settings from inbox where kind = 'whatsapp' order by id`,
    );
    return found.map(({ org, id, address, settings }) => ({
      org,
      inbox_id: id,
      phone_number_id: address,
      settings: whatsappSettings.safeParse(JSON.parse(settings)).data ?? null,
    }));
  },
});
