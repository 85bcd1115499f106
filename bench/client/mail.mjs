/** A mail as people send them: text and HTML, a file now and then, the headers that a provider adds. */

const SENTENCE =
  'Good morning, the delivery of last week has not arrived yet, and the tracking page shows no movement since Tuesday. ';
const TEXT = Array.from({ length: 8 }, (_, line) => SENTENCE.slice(line * 3)).join('\r\n');
const HTML = `<html><body>${TEXT.split('\r\n')
  .map((line) => `<p style="font:14px sans-serif">${line}</p>`)
  .join('\r\n')}</body></html>`;
/** One mail in so many carries a file. */
const ATTACHED_EVERY = 4;

/** @param {number} ordinal  makes it different from all others */
export function mailText(ordinal) {
  const id = `${process.pid}.${performance.timeOrigin}.${ordinal}`;
  return [
    'Received: from mail.example.test (mail.example.test [192.0.2.7]) by mx.example.test with ESMTPS id 4XyZ12',
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=s1; h=from:to:subject; bh=Zm9v; b=YmFy',
    `Message-ID: <${id}@example.test>`,
    'Date: Fri, 20 Nov 2026 09:30:00 +0000',
    'From: =?utf-8?q?Ann_L=C3=A9e?= <ann@example.test>',
    'To: Bench <bench@localhost>',
    `Subject: Where is our order ${ordinal}?`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="outer"',
    '',
    '--outer',
    'Content-Type: multipart/alternative; boundary="inner"',
    '',
    '--inner',
    'Content-Type: text/plain; charset=utf-8',
    '',
    TEXT,
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    '',
    HTML,
    '--inner--',
    ...(ordinal % ATTACHED_EVERY === 0 ? attachment(id) : []),
    '--outer--',
  ].join('\r\n');
}

/** @param {string} id  makes it different from all others */
function attachment(id) {
  const bytes = Buffer.alloc(2048, `receipt ${id} `).toString('base64').replace(/.{76}/g, '$&\r\n');
  return [
    '--outer',
    'Content-Type: text/plain; name="receipt.txt"',
    'Content-Disposition: attachment; filename="receipt.txt"',
    'Content-Transfer-Encoding: base64',
    '',
    bytes,
  ];
}
