/** A ticket as an outgoing batch shows it to people. */
export interface BatchRow {
  readonly docId: string;
  readonly ticketId: string;
  readonly source: string;
  readonly text: string;
}

/** RFC 4180, comma and double quotes, as the bridge writes it. Label files of people are read by libs/labels, not here. */
export function parseCsv(content: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < content.length) {
    const start = cell.lastIndex;
    const match = cell.exec(content);
    if (match === null) throw new Error(`the batch is not CSV at character ${start}`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    const isLast = match[3] !== ',';
    if (!isLast && cell.lastIndex < content.length) continue;
    if (!isLast) cells.push('');
    records.push(cells);
    cells = [];
  }
  return records;
}

function columnOf(header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  if (index < 0) throw new Error(`the batch has no column ${name}, only ${header.join(', ')}`);
  return index;
}

export function readBatch(content: string): BatchRow[] {
  const [header = [], ...records] = parseCsv(content.replace(/^\uFEFF/, ''));
  const [docId, ticketId, source, text] = ['doc_id', 'ticket_id', 'source', 'text'].map((name) =>
    columnOf(header, name),
  ) as [number, number, number, number];
  const at = (cells: readonly string[], index: number): string => cells[index] ?? '';
  return records.map((cells) => ({
    docId: at(cells, docId),
    ticketId: at(cells, ticketId),
    source: at(cells, source),
    text: at(cells, text),
  }));
}
