import { annotators, dissentOf, labelsOf, type WrittenLabel } from './annotators.ts';
import type { BatchRow } from './batch-csv.ts';

/** A file as it lies below the label root. */
export interface LabelFile {
  readonly name: string;
  readonly content: Buffer;
  readonly rows: number;
}

interface Style {
  readonly separator: ',' | ';';
  readonly newline: '\n' | '\r\n';
  readonly start: '' | '\uFEFF';
  readonly columns: Readonly<Record<string, (written: WrittenLabel) => string>>;
}

type AnnotatorName = (typeof annotators)[number]['name'];

/** People use different programs: with and without doc_id, other names for columns, a spreadsheet's separators. */
const styles: Readonly<Record<AnnotatorName, Style>> = {
  alice: {
    separator: ',',
    newline: '\n',
    start: '',
    columns: {
      doc_id: ({ docId }) => docId,
      text: ({ text }) => text,
      annotator_id: ({ annotator }) => annotator,
      label: ({ label }) => label,
      confidence_score: ({ confidence }) => confidence,
      annotated_at: ({ at }) => at,
    },
  },
  bob: {
    separator: ';',
    newline: '\r\n',
    start: '\uFEFF',
    columns: {
      text: ({ text }) => text,
      annotator_id: ({ annotator }) => annotator,
      label: ({ label }) => label,
      confidence_score: ({ confidence }) => confidence,
      annotated_at: ({ at }) => at,
    },
  },
  carol: {
    separator: ',',
    newline: '\n',
    start: '',
    columns: {
      document_id: ({ docId }) => docId,
      Worker: ({ annotator }) => annotator,
      Choice: ({ label }) => label,
      Probability: ({ confidence }) => confidence,
    },
  },
};

function writeCsv({ separator, newline, start, columns }: Style, rows: readonly WrittenLabel[]): Buffer {
  const quote = (cell: string): string => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const cellsOf = Object.values(columns);
  const records = rows.map((row) => cellsOf.map((cell) => quote(cell(row))));
  const lines = [Object.keys(columns), ...records].map((cells) => cells.join(separator) + newline);
  return Buffer.from(start + lines.join(''));
}

interface BatchPlace {
  readonly day: string;
  /** Name of a label file of this batch. */
  readonly file: (suffix: string) => string;
}

/** Label files lie below the day of their batch, so the same batch gives the same names on any other day. */
function placeOf(batchName: string): BatchPlace {
  const match = /^(\d{4})\/(\d\d)\/(\d\d)\/(.+)\.csv$/.exec(batchName);
  if (match === null) throw new Error(`${batchName} is not the name of an outgoing batch`);
  const [, year, month, day, stem] = match;
  return { day: `${year}-${month}-${day}`, file: (suffix) => `${year}/${month}/${day}/${stem}-${suffix}.csv` };
}

/** What the annotators send back for a batch, a file each. */
export function labelFilesOf(batchName: string, rows: readonly BatchRow[]): readonly LabelFile[] {
  const { day, file } = placeOf(batchName);
  return annotators.map((annotator) => {
    const labels = rows.flatMap((row, index) => labelsOf(annotator, row, day, index));
    return { name: file(annotator.name), content: writeCsv(styles[annotator.name], labels), rows: labels.length };
  });
}

/** The late dissent about a batch; none where the reviewer agrees with everything. */
export function dissentFileOf(batchName: string, rows: readonly BatchRow[]): LabelFile | undefined {
  const { day, file } = placeOf(batchName);
  const labels = rows.flatMap((row, index) => dissentOf(row, day, index));
  return labels.length === 0
    ? undefined
    : { name: file('review'), content: writeCsv(styles.alice, labels), rows: labels.length };
}

/** Somebody exported the wrong sheet: it has no labels, so all of it is rejected. */
export function brokenFileOf(batchName: string, rows: readonly BatchRow[]): LabelFile {
  const { label: _label, ...columns } = styles.alice.columns;
  const { day, file } = placeOf(batchName);
  const labels = rows.slice(0, 20).flatMap((row, index) => labelsOf(annotators[0], row, day, index));
  return { name: file('wrong-sheet'), content: writeCsv({ ...styles.alice, columns }, labels), rows: labels.length };
}
