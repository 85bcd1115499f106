import type { Condition, PolicyRow, RuleAction, RuleRow } from '@roost/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testOf } from './condition.ts';
import { judge, ready, runRules } from './decide.ts';
import type { MailFacts } from './facts.ts';

const mail: MailFacts = {
  envelope_from: 'bounce@news.example.org',
  envelope_to: ['qa+signup@app.test', 'Ann@app.test'],
  from: 'Ann@News.example.org',
  to: ['team@app.test'],
  subject: 'Your invoice 7732',
  text: 'Please pay by Friday.',
  list_id: 'news.example.org',
  size_bytes: 3_000_000,
  attachment_types: ['application/pdf', 'image/png'],
};
const open: PolicyRow = {
  id: 'app.test',
  version: 1,
  mode: 'OPEN',
  default_action: 'INBOX',
  attachment_types: null,
  max_bytes: null,
  quarantine_days: null,
};

const when = (field: Condition['field'], op: Condition['op'], value: string, not = false): Condition => ({
  field,
  op,
  value,
  not,
});
let made = 0;
function rule(conditions: Condition[], actions: RuleAction[], some: Partial<RuleRow> = {}): RuleRow {
  made += 1;
  return {
    id: `r${String(made).padStart(4, '0')}`,
    version: 1,
    inbox_id: null,
    domain: 'app.test',
    name: `rule ${made}`,
    enabled: true,
    position: 0,
    match: 'all',
    conditions,
    actions,
    note: '',
    hits: 0,
    last_hit_at: null,
    ...some,
  };
}
const decide = (decision: 'INBOX' | 'QUARANTINE' | 'DROP'): RuleAction => ({ type: 'decide', decision });

describe('a condition', () => {
  test.each([
    [when('envelope_from', 'is', 'BOUNCE@news.example.org'), 'bounce@news.example.org'],
    [when('envelope_to', 'wildcard', '*+signup@*'), 'qa+signup@app.test'],
    [when('envelope_to_local', 'is', 'ann'), 'Ann'],
    [when('from_domain', 'is', 'news.EXAMPLE.org'), 'News.example.org'],
    [when('to', 'contains', 'team'), 'team@app.test'],
    [when('subject', 'regex', 'invoice \\d{4}$'), 'Your invoice 7732'],
    [when('text', 'contains', 'FRIDAY'), 'Please pay by Friday.'],
    [when('list_id', 'is', 'news.example.org'), 'news.example.org'],
    [when('size_bytes', 'over', '2 MB'), '3000000'],
    [when('size_bytes', 'under', '3000001'), '3000000'],
    [when('attachment_type', 'wildcard', 'image/*'), 'image/png'],
    [when('subject', 'contains', 'spam', true), 'spam'],
  ])('%j finds %s', (condition, value) => {
    expect(testOf(condition)(mail)).toEqual({ field: condition.field, value });
  });

  test.each([
    when('envelope_to', 'is', 'qa@app.test'),
    when('subject', 'wildcard', 'invoice*'),
    when('size_bytes', 'over', '3000000'),
    when('list_id', 'contains', 'other'),
    when('subject', 'contains', 'invoice', true),
  ])('%j finds nothing', (condition) => {
    expect(testOf(condition)(mail)).toBeNull();
  });

  test.each([
    [when('subject', 'regex', '(unclosed'), /“\(unclosed” cannot be used/],
    [when('subject', 'regex', '(a)\\1'), /cannot be used/],
    [when('subject', 'regex', 'a{1000}{1000}'), /cannot be used|too large/],
    [when('subject', 'over', '5'), /“over” compares sizes/],
    [when('size_bytes', 'contains', '5'), /“over” or “under”/],
    [when('size_bytes', 'over', 'much'), /“much” is no size/],
    [when('subject', 'contains', ''), /needs a value/],
  ])('%j is refused in words', (condition, says) => {
    expect(() => testOf(condition)).toThrow(says);
  });

  test('no pattern keeps it from ending: with backtracking this one would take longer than the universe has', () => {
    const evil = testOf(when('text', 'regex', '(a+)+(b|a)*$x'));
    expect(evil({ ...mail, text: 'a'.repeat(100_000) })).toBeNull();
  });
});

describe('rules', () => {
  test('the first that decides, decides; marks of all that match add up; stop ends it', () => {
    const rules = ready([
      rule([when('subject', 'contains', 'invoice')], [{ type: 'label', label: 'billing' }, { type: 'flag' }]),
      rule([when('from_domain', 'is', 'news.example.org')], [decide('QUARANTINE')]),
      rule([], [decide('DROP'), { type: 'stop' }]),
      rule([], [{ type: 'seen' }]),
    ]);
    const verdict = runRules(rules, mail);
    expect(verdict).toMatchObject({
      decision: 'QUARANTINE',
      labels: ['billing'],
      flagged: true,
      seen: false,
    });
    expect(verdict.decided_by).toMatchObject({ field: 'from_domain', value: 'News.example.org' });
    expect(verdict.hits).toHaveLength(3);
  });

  test('are asked by position, the older first among equals, and not at all when switched off', () => {
    const late = rule([], [decide('DROP')], { position: 5 });
    const early = rule([], [decide('INBOX')], { position: 1 });
    const off = rule([], [decide('QUARANTINE')], { enabled: false });
    expect(ready([late, early, off]).map(({ row }) => row.id)).toEqual([early.id, late.id]);
  });

  test('“any” needs one of its conditions, “all” needs each', () => {
    const conditions = [when('subject', 'contains', 'nothing'), when('subject', 'contains', 'invoice')];
    const matches = (match: 'all' | 'any') =>
      runRules(ready([rule(conditions, [decide('DROP')], { match })]), mail).decision;
    expect([matches('all'), matches('any')]).toEqual([null, 'DROP']);
  });
});

describe('a policy', () => {
  const admit = ready([rule([when('envelope_to_local', 'is', 'ann')], [decide('INBOX')])]);

  test.each([
    ['OPEN takes what nobody decides about', open, [], 'INBOX'],
    ['OPEN with another default does that', { ...open, default_action: 'DROP' as const }, [], 'DROP'],
    [
      'RESTRICTED keeps back what no rule lets in',
      { ...open, mode: 'RESTRICTED' as const },
      [],
      'QUARANTINE',
    ],
    ['RESTRICTED takes what a rule lets in', { ...open, mode: 'RESTRICTED' as const }, admit, 'INBOX'],
    ['PAUSED drops, whatever the rules say', { ...open, mode: 'PAUSED' as const }, admit, 'DROP'],
    [
      'PAUSED quarantines where that is the default',
      { ...open, mode: 'PAUSED' as const, default_action: 'QUARANTINE' as const },
      admit,
      'QUARANTINE',
    ],
    [
      'a forbidden attachment keeps mail from people',
      { ...open, attachment_types: ['application/pdf'] },
      [],
      'QUARANTINE',
    ],
    [
      'a type is allowed by its kind',
      { ...open, attachment_types: ['application/pdf', 'image/*'] },
      [],
      'INBOX',
    ],
  ] as const)('%s', (_, policy, rules, decision) => {
    expect(judge(policy as PolicyRow, rules, [], mail).decision).toBe(decision);
  });

  test('a forbidden attachment does not bring back what a rule dropped', () => {
    const drop = ready([rule([], [decide('DROP')])]);
    expect(judge({ ...open, attachment_types: [] }, drop, [], mail).decision).toBe('DROP');
  });

  test('filters of the inbox are asked only about what the policy lets in, and may keep it back', () => {
    const filter = ready([rule([], [decide('DROP'), { type: 'mailbox', mailbox_id: 'm1' }])]);
    expect(judge(open, [], filter, mail)).toMatchObject({ decision: 'DROP', mailbox_id: 'm1' });
    expect(judge({ ...open, mode: 'RESTRICTED' }, [], filter, mail)).toMatchObject({
      decision: 'QUARANTINE',
      mailbox_id: null,
    });
  });

  test('whatever the rules, somebody or something is named for every mail that people do not get', () => {
    const field = fc.constantFrom<Condition['field']>('subject', 'from', 'envelope_to', 'text');
    const conditions = fc.array(
      fc.tuple(
        field,
        fc.constantFrom<Condition['op']>('is', 'contains', 'wildcard'),
        fc.constantFrom('a', 'invoice', '*'),
      ),
      { maxLength: 2 },
    );
    const actions = fc.array(
      fc.oneof(
        fc.constantFrom('INBOX' as const, 'QUARANTINE' as const, 'DROP' as const).map(decide),
        fc.constantFrom<RuleAction>({ type: 'stop' }, { type: 'seen' }),
      ),
      { maxLength: 2 },
    );
    const rules = fc.array(fc.tuple(conditions, actions), { maxLength: 4 });
    const mode = fc.constantFrom<PolicyRow['mode']>('OPEN', 'RESTRICTED', 'PAUSED');
    fc.assert(
      fc.property(rules, rules, mode, (ofPolicy, ofInbox, mode) => {
        const make = (list: typeof ofPolicy) =>
          ready(
            list.map(([found, done]) =>
              rule(
                found.map(([f, op, v]) => when(f, op, v)),
                done,
              ),
            ),
          );
        const verdict = judge({ ...open, mode }, make(ofPolicy), make(ofInbox), mail);
        if (verdict.decision !== 'INBOX') expect(verdict.decided_by).not.toBeNull();
      }),
    );
  });
});
