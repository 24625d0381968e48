import { grownFloat64, grownInt32 } from '../bytes/growable-arrays.ts';

export const ANONYMOUS = 0;
export const NO_TEXT = -1;
/** The document of a rejected row: it has none. */
export const REJECTED = -1;
/** Sorts before every instant, as a row without a readable annotated_at must. */
export const NO_INSTANT = Number.NEGATIVE_INFINITY;

export interface TableRow {
  document: number;
  annotator: number;
  field: number;
  label: number;
  text: number;
  confidence: number;
  annotatedAt: number;
}

/** Every data record of the run as numbers, in row order: 36 bytes each. A row's place in the table is its order, and
 * together with the files' first places it is its name (`path#n`). */
export class RowTable {
  length = 0;
  document = new Int32Array(1024);
  annotator = new Int32Array(1024);
  field = new Int32Array(1024);
  label = new Int32Array(1024);
  text = new Int32Array(1024);
  confidence = new Float64Array(1024);
  annotatedAt = new Float64Array(1024);

  add(row: TableRow): void {
    const at = this.length;
    if (at === this.document.length) this.#grow(at + 1);
    this.document[at] = row.document;
    this.annotator[at] = row.annotator;
    this.field[at] = row.field;
    this.label[at] = row.label;
    this.text[at] = row.text;
    this.confidence[at] = row.confidence;
    this.annotatedAt[at] = row.annotatedAt;
    this.length = at + 1;
  }

  addRejected(): void {
    const at = this.length;
    if (at === this.document.length) this.#grow(at + 1);
    this.document[at] = REJECTED;
    this.length = at + 1;
  }

  /** Forgets the rows of a file that turned out to be bad. */
  truncate(length: number): void {
    this.length = length;
  }

  #grow(length: number): void {
    this.document = grownInt32(this.document, length);
    this.annotator = grownInt32(this.annotator, length);
    this.field = grownInt32(this.field, length);
    this.label = grownInt32(this.label, length);
    this.text = grownInt32(this.text, length);
    this.confidence = grownFloat64(this.confidence, length);
    this.annotatedAt = grownFloat64(this.annotatedAt, length);
  }
}
