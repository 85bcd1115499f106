import { z } from 'zod';
import { saying } from './customer.ts';
import { fault } from './faults.ts';
import type { Simulator } from './simulator.ts';

const sayings = z.union([
  z.object({ together: z.array(saying).min(1).max(1_000), copies: z.int().min(1).max(100).optional() }),
  saying.extend({ copies: z.int().min(1).max(100).optional() }),
]);
const statuses = z.object({
  statuses: z
    .array(z.object({ id: z.string(), status: z.string(), code: z.int().optional() }))
    .min(1)
    .max(1_000),
});
const settings = z.object({ target: z.url().nullable().optional() });
const numbers = z.object({ unreachable: z.array(z.string().max(20)).max(10_000) });
const template = z.object({ name: z.string(), language: z.string(), event: z.string() });

/** What can be asked of the simulator over HTTP, by name: each takes JSON and answers JSON. */
export const controls: Readonly<Record<string, (simulator: Simulator, input: unknown) => unknown>> = {
  /** A customer writes, or several in one webhook. */
  say: async (simulator, input) => {
    const said = sayings.parse(input);
    const options = said.copies === undefined ? {} : { copies: said.copies };
    const { ids, answered } = simulator.say('together' in said ? said.together : said, options);
    return { ids, status: await answered };
  },
  status: async (simulator, input) => ({ status: await simulator.tell(...statuses.parse(input).statuses) }),
  template: async (simulator, input) => {
    const { name, language, event } = template.parse(input);
    return { status: await simulator.tellTemplate(name, language, event) };
  },
  webhook: async (simulator, input) => ({ status: await simulator.deliver(input) }),
  fail: (simulator, input) => {
    simulator.fail(fault.parse(input));
    return { waiting: simulator.faults.count };
  },
  heal: (simulator) => {
    simulator.faults.clear();
    simulator.unreachable.clear();
    return {};
  },
  unreachable: (simulator, input) => {
    simulator.unreachable.clear();
    for (const number of numbers.parse(input).unreachable) simulator.unreachable.add(number);
    return {};
  },
  target: (simulator, input) => {
    simulator.webhooks.target = settings.parse(input).target ?? null;
    return {};
  },
  verify: async (simulator) => ({ verified: await simulator.verify() }),
  hold: (simulator) => {
    simulator.webhooks.hold();
    return {};
  },
  release: (simulator, input) => {
    const { order } = z
      .object({ order: z.enum(['as it was', 'backwards']).default('as it was') })
      .parse(input ?? {});
    simulator.webhooks.release(order);
    return {};
  },
};

/** Everything that was sent and received lately. */
export function stateOf(simulator: Simulator) {
  const { sent, said, webhooks, faults, settings } = simulator;
  return {
    phone_number_id: settings.phone_number_id,
    account_id: settings.account_id,
    target: webhooks.target,
    sent: { count: sent.count, newest: sent.all },
    said: { count: said.count, newest: said.all },
    webhooks: {
      count: webhooks.deliveries.count,
      pending: webhooks.pending,
      dropped: webhooks.dropped,
      newest: webhooks.deliveries.all,
    },
    faults: faults.count,
  };
}
