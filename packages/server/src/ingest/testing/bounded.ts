import { expect } from 'vitest';
import type { ParsedMail } from '../mime.ts';

/** What holds for every mail, whatever it is. */
export function expectBounded(source: Buffer, parsed: ParsedMail): void {
  const texts = [
    parsed.from,
    parsed.subject,
    parsed.snippet,
    parsed.text,
    parsed.html,
    parsed.message_id,
    parsed.problem,
  ];
  const names = parsed.attachments.flatMap(({ filename, content_type, content_id }) => [
    filename,
    content_type,
    content_id,
  ]);
  const headers = parsed.headers.flatMap(({ name, value }) => [name, value]);
  for (const text of [...texts, ...names, ...headers]) expect(text ?? '').not.toMatch(/\0|\p{Surrogate}/u);
  expect(parsed.snippet.length).toBeLessThanOrEqual(200);
  expect(parsed.snippet).not.toMatch(/[\r\n]/);
  expect(parsed.from.length).toBeLessThanOrEqual(998);
  expect(parsed.subject.length).toBeLessThanOrEqual(998);
  expect(parsed.headers.length).toBeLessThanOrEqual(500);
  for (const { value } of parsed.headers) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(8 * 1024);
  for (const text of [parsed.text, parsed.html]) {
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(512 * 1024);
  }
  for (const { filename } of parsed.attachments) {
    expect(filename).toMatch(/^[^/\\\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]{1,200}$/u);
    expect(filename).not.toMatch(/^\.+$/);
  }
  const attached = parsed.attachments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(attached).toBeLessThanOrEqual(source.length);
  expect(parsed.attachments.length).toBeLessThanOrEqual(501);
}
