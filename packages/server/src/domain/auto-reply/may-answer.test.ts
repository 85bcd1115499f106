import type { AutoReplyRow } from '@roost/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayAnswer } from './may-answer.ts';
import { ANN, answered, mail, unanswered } from './testing/corpus.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2030, 0, 10);
const never = { last_at: null };
const on: AutoReplyRow = {
  id: 'i1',
  version: 1,
  enabled: true,
  subject: '',
  text: 'We are away.',
  starts_at: null,
  ends_at: null,
  every_days: 7,
};
const at = (day: number) => new Date(NOW + day * DAY_MS).toISOString();

describe('the corpus', () => {
  test.each(answered)('is answered: %s', (_, facts) => {
    expect(mayAnswer(facts, on, never, NOW)).toMatchObject({ may: true });
  });

  test.each(unanswered)('is not answered: %s', (_, facts) => {
    expect(mayAnswer(facts, on, never, NOW)).toMatchObject({ may: false, why: expect.any(String) });
  });
});

describe('the answer goes to', () => {
  test('the return path, whoever the header names', () => {
    const facts = mail({}, { envelope_from: 'ann@relay.example' });
    expect(mayAnswer(facts, on, never, NOW)).toEqual({ may: true, to: 'ann@relay.example' });
  });

  test('who wrote it where no envelope is known', () => {
    expect(mayAnswer(mail({}, { envelope_from: null }), on, never, NOW)).toEqual({ may: true, to: ANN });
  });
});

describe('an answer is given', () => {
  test.each([
    ['before it starts', { starts_at: at(1) }, false],
    ['at its start', { starts_at: at(0) }, true],
    ['before its end', { ends_at: at(1) }, true],
    ['at its end', { ends_at: at(0) }, false],
    ['while it is off', { enabled: false }, false],
    ['without a text', { text: ' \n' }, false],
  ])('%s: %o %s', (_, some, may) => {
    expect(mayAnswer(mail(), { ...on, ...some }, never, NOW).may).toBe(may);
  });

  test.each([
    ['just before a period is over', 7 * DAY_MS - 1, false],
    ['when it is over', 7 * DAY_MS, true],
    ['after the clock stepped back', -DAY_MS, false],
  ])('%s: %d ms, %s', (_, agoMs, may) => {
    expect(mayAnswer(mail(), on, { last_at: NOW - agoMs }, NOW).may).toBe(may);
  });
});

describe('whatever a mail says', () => {
  const everySettings = fc.record({
    id: fc.constant('i1'),
    version: fc.nat(),
    enabled: fc.boolean(),
    subject: fc.string(),
    text: fc.string(),
    starts_at: fc.option(fc.integer({ min: -30, max: 30 }).map(at)),
    ends_at: fc.option(fc.integer({ min: -30, max: 30 }).map(at)),
    every_days: fc.integer({ min: 1, max: 365 }),
  });
  const everyMail = fc
    .record({
      headers: fc.dictionary(
        fc.oneof(
          fc.constantFrom('To', 'Cc', 'Precedence', 'Auto-Submitted', 'List-Id', 'Return-Path', 'Reply-To'),
          fc.string(),
        ),
        fc.string({ unit: 'grapheme' }),
      ),
      envelope_from: fc.option(fc.oneof(fc.emailAddress(), fc.string(), fc.constant(''))),
      from: fc.oneof(fc.emailAddress(), fc.string()),
    })
    .map(({ headers, envelope_from, from }) => mail(headers, { envelope_from, from }));
  const everyHistory = fc.option(fc.integer({ min: -400, max: 30 }).map((day) => NOW + day * DAY_MS));

  test('no answer is given without a reason to, and it goes to one of those who sent it', () => {
    fc.assert(
      fc.property(everyMail, everySettings, everyHistory, (facts, settings, last_at) => {
        const told = mayAnswer(facts, settings, { last_at }, NOW);
        if (!told.may) {
          expect(told.why).not.toBe('');
          return;
        }
        expect(settings.enabled && settings.text.trim() !== '').toBe(true);
        expect(told.to).toMatch(/^[^\s<>,;]+@[^\s<>,;]+$/);
        expect(told.to).not.toBe(facts.own);
        if (settings.starts_at !== null) expect(Date.parse(settings.starts_at)).toBeLessThanOrEqual(NOW);
        if (settings.ends_at !== null) expect(Date.parse(settings.ends_at)).toBeGreaterThan(NOW);
        if (last_at !== null) expect(NOW - last_at).toBeGreaterThanOrEqual(settings.every_days * DAY_MS);
      }),
    );
  });

  test('what marks a mail that is not answered does so in any mail, whatever else it says', () => {
    const mark = fc.constantFrom(
      { name: 'Auto-Submitted', value: 'auto-replied' },
      { name: 'List-Id', value: '<x>' },
      { name: 'Precedence', value: 'bulk' },
      { name: 'X-Auto-Response-Suppress', value: 'All' },
      { name: 'Content-Type', value: 'multipart/report' },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...answered),
        mark,
        fc.boolean(),
        fc.nat(),
        ([, facts], one, loud, place) => {
          const marked = [...facts.headers];
          const name = loud ? one.name.toUpperCase() : one.name.toLowerCase();
          marked.splice(place % (marked.length + 1), 0, { name, value: one.value });
          expect(mayAnswer({ ...facts, headers: marked }, on, never, NOW).may).toBe(false);
        },
      ),
    );
  });

  test('an answer of ours is never answered', () => {
    const ours = [
      { name: 'Auto-Submitted', value: 'auto-replied' },
      { name: 'Precedence', value: 'bulk' },
    ];
    fc.assert(
      fc.property(everyMail, everySettings, (facts, settings) => {
        const answer = { ...facts, headers: [...facts.headers, ...ours], envelope_from: '' };
        expect(mayAnswer(answer, { ...settings, ...on }, never, NOW).may).toBe(false);
      }),
    );
  });

  test('one that was answered is not answered again within the period, at any time of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...answered),
        fc.integer({ min: 0, max: 7 * DAY_MS - 1 }),
        ([, facts], ms) => {
          expect(mayAnswer(facts, on, { last_at: NOW }, NOW + ms).may).toBe(false);
          expect(mayAnswer(facts, on, { last_at: NOW }, NOW + 7 * DAY_MS + ms).may).toBe(true);
        },
      ),
    );
  });
});
