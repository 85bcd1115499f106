import { ruleRow } from '@roost/protocol/schema';
import { ADMINS } from '../commands/index.ts';
import { commands, queries, ruleTrial } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { Caller, HttpNeeds } from './needs.ts';
import { idParam, type Route, type RouteSpec, route, written } from './route.ts';
import { dryRunAnswer } from './rule-trial.ts';

const newRule = commands.addRule.input.omit({ inbox_id: true, domain: true });
const order = commands.orderRules.input.pick({ rule_ids: true });

/** Whose rules: of an inbox they are filters, of a domain they belong to its policy. */
interface Home {
  readonly path: string;
  readonly may: RouteSpec['may'] & object;
  readonly whose: string;
  readonly errors: readonly ['inbox.unknown'] | readonly [];
  of(id: string): { readonly inbox_id: string } | { readonly domain: string };
}

const ofInbox: Home = {
  path: '/api/v1/inboxes/:id/filters',
  may: commands.addRule.may,
  whose: 'an inbox',
  errors: ['inbox.unknown'],
  of: (id) => ({ inbox_id: id }),
};
const ofDomain: Home = {
  path: '/api/v1/policies/:id/rules',
  may: { roles: ADMINS, scope: 'write' },
  whose: 'a domain',
  errors: [],
  of: (id) => ({ domain: id.toLowerCase() }),
};

/** Rules: asked in the order of their positions when mail comes. */
export function ruleRoutes(needs: HttpNeeds): Route[] {
  const { lists, bus } = needs;
  return [
    listRoute(lists, {
      path: ofInbox.path,
      tag: 'Rules',
      summary: 'List the filters of an inbox',
      may: queries.readView.may,
      params: idParam,
      row: ruleRow,
      errors: ['inbox.unknown'],
      admits: ({ caller: { org, actor }, params: { id } }) =>
        bus.query(queries.seeMailInbox, { org, actor, input: { inbox_id: id } }),
      shown: ({ params: { id } }) => ({ channel: `filters:${id}`, params: {} }),
    }),
    listRoute(lists, {
      path: ofDomain.path,
      tag: 'Rules',
      summary: 'List the rules of a domain',
      description: '`id` is the domain.',
      may: { roles: ADMINS, scope: 'read' },
      params: idParam,
      row: ruleRow,
      errors: [],
      shown: ({ params: { id } }) => ({ channel: `policy-rules:${id.toLowerCase()}`, params: {} }),
    }),
    ...homeRoutes(needs, ofInbox),
    ...homeRoutes(needs, ofDomain),
    ...oneRoutes(needs),
  ];
}

function homeRoutes({ bus }: HttpNeeds, { path, may, whose, errors, of }: Home): Route[] {
  return [
    route({
      method: 'POST',
      path,
      tag: 'Rules',
      summary: `Add a rule of ${whose}`,
      may,
      params: idParam,
      body: newRule,
      answers: { 201: ruleRow },
      errors: [...errors, 'rule.invalid', 'rule.unknown', 'mailbox.unknown'],
      write: true,
      async handle({ caller, params, body, writeId }) {
        const { org, actor } = caller as Caller;
        const input = { ...body, ...of(params.id) };
        return (await bus.execute(commands.addRule, { org, actor, input, id: writeId })).result;
      },
    }),
    route({
      method: 'POST',
      path: `${path}/order`,
      tag: 'Rules',
      summary: `Say in which order the rules of ${whose} are asked`,
      description: 'Names all of them, those asked first first.',
      may,
      params: idParam,
      body: order,
      answers: { 200: written },
      errors: [...errors, 'rule.invalid', 'rule.unknown'],
      write: true,
      async handle({ caller, params, body, writeId }) {
        const { org, actor } = caller as Caller;
        const input = { ...body, ...of(params.id) };
        const { offset } = await bus.execute(commands.orderRules, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
    route({
      method: 'POST',
      path: `${path}/dry-run`,
      tag: 'Rules',
      summary: `Ask rules of ${whose} about mail that is stored`,
      description:
        'A proposed `rule` is put among those that are there, in the place of `rule_id` where it has one. Without a rule, those that are there are asked, and mail is told that would not be decided as it was. Nothing is changed. In pages, newest mail first: ask again with `next` as `cursor`.',
      may,
      params: idParam,
      body: ruleTrial,
      answers: { 200: dryRunAnswer },
      errors: [...errors, 'rule.invalid'],
      write: false,
      async handle({ caller, params, body }) {
        const { org, actor } = caller as Caller;
        const input = { ...body, inbox_id: null, domain: null, ...of(params.id) };
        const { next, ...tried } = await bus.query(queries.dryRunRules, { org, actor, input });
        return { ...tried, next, has_more: next !== null };
      },
    }),
  ];
}

function oneRoutes({ bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'PATCH',
      path: '/api/v1/rules/:id',
      tag: 'Rules',
      summary: 'Change a rule, or switch it on or off',
      may: commands.updateRule.may,
      params: idParam,
      body: commands.updateRule.input.omit({ rule_id: true }),
      answers: { 200: ruleRow },
      errors: ['rule.unknown', 'rule.invalid', 'mailbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, body, writeId }) {
        const input = { ...body, rule_id: id };
        return (await bus.execute(commands.updateRule, { org, actor, input, id: writeId })).result;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/rules/:id',
      tag: 'Rules',
      summary: 'Delete a rule',
      may: commands.removeRule.may,
      params: idParam,
      answers: { 200: written },
      errors: ['rule.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params: { id }, writeId }) {
        const input = { rule_id: id };
        const { offset } = await bus.execute(commands.removeRule, { org, actor, input, id: writeId });
        return { offset };
      },
    }),
  ];
}
