import type { Row } from '@roost/protocol';

/** Rows as JSON text, each written once while some entries are handed out, whatever number of channels show it. */
export class RowTexts {
  private readonly made = new Map<Row, string>();

  list(rows: readonly Row[]): string {
    return `[${rows.map((row) => this.of(row)).join(',')}]`;
  }

  private of(row: Row): string {
    let text = this.made.get(row);
    if (text === undefined) {
      text = JSON.stringify(row);
      this.made.set(row, text);
    }
    return text;
  }
}
