import { parseTable } from '@assay/labels/formats/csv-table';

/** A ticket as an outgoing batch shows it to people. */
export interface BatchRow {
  readonly docId: string;
  readonly ticketId: string;
  readonly source: string;
  readonly text: string;
}

export function readBatch(content: string): BatchRow[] {
  const { names, rows } = parseTable(content.replace(/^\uFEFF/, ''));
  const broken = rows.findIndex(({ malformed }) => malformed !== null);
  if (broken !== -1) throw new Error(`the batch#${broken + 1}: ${rows[broken]!.malformed!.why}`);
  const missing = ['doc_id', 'ticket_id', 'source', 'text'].find((name) => !names.includes(name));
  if (missing !== undefined) throw new Error(`the batch has no column ${missing}, only ${names.join(', ')}`);
  return rows.map(({ cells }) => {
    const at = (name: string): string => cells.get(name)?.text ?? '';
    return { docId: at('doc_id'), ticketId: at('ticket_id'), source: at('source'), text: at('text') };
  });
}
