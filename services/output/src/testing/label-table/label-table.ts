import type { ReleaseFormat } from '../../formats/format.ts';

const PIECE_CHARACTERS = 64 * 1024;

/**
 * For specs: a second format, as somebody adds one. A table with tabs and a column for each field of the labels, so it has to go
 * through the lines once before it knows its first row.
 */
export const labelTable: ReleaseFormat = {
  name: 'label-table',
  fileName: 'label_table.tsv',
  mediaType: 'text/tab-separated-values; charset=utf-8',

  async *encode(lines) {
    const named = new Set<string>();
    for await (const batch of lines)
      for (const line of batch) for (const field of Object.keys(labelsOf(line))) named.add(field);
    const fields = [...named].toSorted();
    let piece = row(['doc_id', 'text', ...fields]);
    for await (const batch of lines) {
      for (const line of batch) {
        const labels = labelsOf(line);
        piece += row([line.doc_id, line.text, ...fields.map((field) => labels[field])]);
        if (piece.length < PIECE_CHARACTERS) continue;
        yield Buffer.from(piece);
        piece = '';
      }
    }
    if (piece !== '') yield Buffer.from(piece);
  },
};

interface Labelled {
  readonly label?: unknown;
  readonly labels?: Readonly<Record<string, unknown>> | undefined;
}

const labelsOf = ({ label, labels }: Labelled): Readonly<Record<string, unknown>> => labels ?? { label };

/** JSON in each cell has neither tabs nor newlines. */
const row = (cells: readonly unknown[]): string => `${cells.map((cell) => JSON.stringify(cell) ?? '').join('\t')}\n`;
