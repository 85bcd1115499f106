/**
 * What the peers send, so that every subject of a run carries the same number of bytes: a message posted to them
 * becomes a text as long as the delta Roost makes of it.
 */

const SNAPSHOT_ROWS = 50;
const ROW_BYTES = 480;

/** @param {{subject: string, from: string}} message */
export function rowOf({ subject, from }) {
  return { subject, from, received_at: new Date().toISOString() };
}

/**
 * @param {string} text
 * @param {number} bytes  longer texts stay as they are
 */
export function padded(text, bytes) {
  return text.padEnd(bytes, ' ');
}

/** The first thing a peer tells a new client: as many rows, of the same size, as an inbox opens with. */
export function snapshotRows() {
  const row = rowOf({
    subject: 'a subject of some forty characters, as usual',
    from: 'Ann <ann@example.test>',
  });
  return Array.from({ length: SNAPSHOT_ROWS }, () => ({
    ...row,
    pad: padded('', ROW_BYTES - JSON.stringify(row).length),
  }));
}
