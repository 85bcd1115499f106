import type { Clock, Random, Secrets } from '../../clock.ts';

/** One template that the simulated account has. */
export interface SimulatedTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  readonly status: 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED';
  /** With its places: `Hello {{1}}, your order {{2}} is ready.` */
  readonly body: string;
}

/** When a message that was sent is told of as sent, delivered and read, ms after it; null for never. */
export interface StatusDelays {
  readonly sent_ms: number | null;
  readonly delivered_ms: number | null;
  readonly read_ms: number | null;
}

export interface SimulatorSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where webhooks go; null until somebody says. */
  readonly target: string | null;
  readonly app_secret: string;
  readonly verify_token: string;
  /** The key that calls must bring. */
  readonly token: string;
  readonly account_id: string;
  readonly phone_number_id: string;
  /** The number that people write to, digits. */
  readonly display_phone: string;
  readonly templates: readonly SimulatedTemplate[];
  readonly statuses: StatusDelays;
  /** Share of webhooks that come twice, 0 to 1. */
  readonly duplicates: number;
  /** Whether the statuses of a message come in any order. */
  readonly shuffled: boolean;
  /** Calls that send, a second; more are refused with a Retry-After. */
  readonly messages_per_second: number;
  /** Every call is answered so much later. */
  readonly delay_ms: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
}

export const TEMPLATES: readonly SimulatedTemplate[] = [
  {
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Welcome and congratulations!',
  },
  {
    name: 'order_ready',
    language: 'en',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hello {{1}}, your order {{2}} is ready.',
  },
  {
    name: 'order_ready',
    language: 'de',
    category: 'UTILITY',
    status: 'APPROVED',
    body: 'Hallo {{1}}, Ihre Bestellung {{2}} liegt bereit.',
  },
  {
    name: 'spring_offer',
    language: 'en',
    category: 'MARKETING',
    status: 'PENDING',
    body: 'Spring is here, {{1}}!',
  },
];

export const DEFAULTS: Omit<SimulatorSettings, 'clock' | 'random' | 'secrets'> = {
  host: '127.0.0.1',
  port: 0,
  target: null,
  app_secret: 'simulated-app-secret',
  verify_token: 'simulated-verify-token',
  token: 'simulated-token',
  account_id: '102290129340398',
  phone_number_id: '106540352242922',
  display_phone: '15550783881',
  templates: TEMPLATES,
  statuses: { sent_ms: 20, delivered_ms: 120, read_ms: 2_000 },
  duplicates: 0,
  shuffled: false,
  messages_per_second: 80,
  delay_ms: 0,
};
