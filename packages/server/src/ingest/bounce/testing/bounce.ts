import type { DeliveryReport } from '../dsn.ts';

/** A mail that may be a delivery report, and what is to be read from it; null when it is none. */
export interface Bounce {
  readonly name: string;
  readonly source: Buffer;
  readonly reads:
    | (Pick<DeliveryReport, 'kind' | 'recipients'> & {
        /** The first of the Message-IDs; null when it tells none. */
        readonly message_id: string | null;
        readonly says: RegExp;
      })
    | null;
}

/** Lines joined by CRLF. */
export function lines(...all: string[]): string {
  return all.join('\r\n');
}

export function source(...all: string[]): Buffer {
  return Buffer.from(`${lines(...all)}\r\n`);
}

export const OURS = '<018r3q000x7h2k@help.example.com>';

/** The headers of the mail that came back. */
export const ORIGINAL_HEADERS = lines(
  'Return-Path: <help@example.com>',
  'Received: from roost.example.com (roost.example.com [192.0.2.7])',
  '\tby mx.example.com (Postfix) with ESMTPS id 4Q2xYz',
  '\tfor <bob@example.org>; Tue, 10 Mar 2026 09:14:02 +0000 (UTC)',
  'From: Help <help@example.com>',
  'To: Bob <bob@example.org>',
  'Subject: Re: Your lamp',
  `Message-ID: ${OURS}`,
  'In-Reply-To: <question-1@example.org>',
  'Date: Tue, 10 Mar 2026 09:14:01 +0000',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
);

interface Report {
  readonly headers: readonly string[];
  readonly words: readonly string[];
  /** The part for machines. */
  readonly status: readonly string[];
  readonly original?: string | null;
  readonly originalType?: string;
  readonly statusType?: string;
  readonly encoding?: string;
}

/** A report in the three parts of RFC 6522. */
export function report(of: Report): Buffer {
  const { headers, words, status, original = ORIGINAL_HEADERS, originalType = 'message/rfc822' } = of;
  const type = of.statusType ?? 'message/delivery-status';
  const statusText = lines(...status);
  const isBase64 = of.encoding === 'base64';
  return source(
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--=_report',
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...words,
    '',
    '--=_report',
    `Content-Type: ${type}`,
    'Content-Description: Delivery report',
    ...(isBase64 ? ['Content-Transfer-Encoding: base64'] : []),
    '',
    isBase64 ? Buffer.from(statusText).toString('base64') : statusText,
    '',
    ...(original === null
      ? []
      : [
          '--=_report',
          `Content-Type: ${originalType}`,
          'Content-Description: Undelivered Message',
          '',
          ...(originalType.includes('headers') ? [original] : [original, '', 'It is on its way.']),
          '',
        ]),
    '--=_report--',
  );
}
