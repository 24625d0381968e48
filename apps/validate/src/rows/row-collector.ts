import { hash } from 'node:crypto';
import { plainJson } from '@assay/labels/files/value-row';
import { TEXT_KEY_PREFIX, TextKeys } from '@assay/labels/document-key';
import { DEFAULT_FIELD } from '@assay/labels/label';
import type { FileOutcome } from '@assay/labels/label-file';
import type { LabelRow } from '@assay/labels/label-row';
import type { FileReason, RowReason } from '@assay/labels/reasons';
import type { FileNote, LabelSink, RecordView } from '@assay/labels/record-reader';
import { ByteHash } from '../bytes/byte-hash.ts';
import { ByteDictionary } from '../bytes/byte-dictionary.ts';
import type { FileWriter } from '../bytes/file-writer.ts';
import { grownInt32 } from '../bytes/growable-arrays.ts';
import { LabelDictionary, NameDictionary } from './dictionaries.ts';
import { ANONYMOUS, NO_INSTANT, NO_TEXT, RowTable } from './row-table.ts';
import type { TableRow } from './row-table.ts';
import type { TextStore } from './text-store.ts';

/** The two ways to name a document; a text key and a doc_id never join (docs/label-rules.md#5-documents). */
export const DOC_ID = 0;
export const TEXT_KEY = 1;

export interface CollectedFile {
  readonly path: string;
  /** Place of its first row in the table. */
  readonly firstRow: number;
  readonly rows: number;
  readonly notes: readonly FileNote[];
}

export interface RejectedFile {
  readonly path: string;
  readonly reason: FileReason;
  /** Rows that were read before the file was known to be bad. */
  readonly rows: number;
  readonly detail: string | undefined;
}

export interface CollectorParts {
  readonly texts: TextStore;
  readonly rejectedRows: FileWriter;
  /** Drawn anew for each run: see ByteHash. */
  readonly seed: number;
  /** `original` knows documents by their exact text and by nothing else. */
  readonly isOriginal: boolean;
}

/** Takes the rows of all files, one file after the other, into flat tables. A file counts when `finish` says that it was
 * read; until then everything it brought can be taken back. */
export class RowCollector implements LabelSink {
  readonly table = new RowTable();
  readonly documents: ByteDictionary;
  readonly labels: LabelDictionary;
  /** Number 0 is nobody. */
  readonly annotators: NameDictionary;
  readonly fields: NameDictionary;
  readonly files: CollectedFile[] = [];
  readonly rejectedFiles: RejectedFile[] = [];
  readonly rejectedByReason = new Map<RowReason, number>();
  readonly #parts: CollectorParts;
  readonly #textKeys = new TextKeys();
  readonly #keyBytes = Buffer.alloc(64);
  #lastText = new Int32Array(1024);
  #path = '';
  #start = { rows: 0, position: 0 };
  #reasons = new Map<RowReason, number>();
  readonly #added: TableRow = {
    document: 0,
    annotator: 0,
    field: 0,
    label: 0,
    text: 0,
    confidence: 0.5,
    annotatedAt: 0.5,
  };

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    const byteHash = new ByteHash(parts.seed);
    this.documents = new ByteDictionary(byteHash);
    this.labels = new LabelDictionary(byteHash);
    this.annotators = new NameDictionary(byteHash, ['']);
    this.fields = new NameDictionary(byteHash, [DEFAULT_FIELD]);
  }

  get textCount(): number {
    return this.#parts.texts.length;
  }

  startFile(path: string): void {
    this.#path = path;
    this.#start = { rows: this.table.length, position: this.#parts.rejectedRows.position };
  }

  begin(): void {
    this.table.truncate(this.#start.rows);
    if (this.#parts.rejectedRows.position > this.#start.position)
      this.#parts.rejectedRows.truncate(this.#start.position);
    this.#reasons = new Map();
  }

  accept(row: LabelRow, record: RecordView): void {
    if (this.#parts.isOriginal && row.text.isEmpty()) {
      this.reject(row.row, 'missing_text', record.record());
      return;
    }
    const added = this.#added;
    added.document = this.#documentOf(row);
    added.annotator = row.annotator.isEmpty() ? ANONYMOUS : this.annotators.idOf(row.annotator);
    added.field = row.field.isEmpty() ? 0 : this.fields.idOf(row.field);
    added.label = this.labels.idOf(row.label);
    added.text = this.#textOf(row, added.document);
    added.confidence = row.confidence;
    added.annotatedAt = Number.isNaN(row.annotatedAt) ? NO_INSTANT : row.annotatedAt;
    this.table.add(added);
  }

  reject(row: number, reason: RowReason, record: unknown): void {
    this.table.addRejected();
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    this.#parts.rejectedRows.text(`${JSON.stringify({ row: `${this.#path}#${row}`, reason, record }, plainJson)}\n`);
  }

  finish(outcome: FileOutcome): void {
    const rows = this.table.length - this.#start.rows;
    if (outcome.kind === 'rejected') {
      const { reason, detail } = outcome;
      this.rejectedFiles.push({ path: this.#path, reason, rows: Math.max(rows, outcome.rows), detail });
      this.begin();
      return;
    }
    this.files.push({ path: this.#path, firstRow: this.#start.rows, rows, notes: outcome.notes });
    for (const [reason, count] of this.#reasons) {
      this.rejectedByReason.set(reason, (this.rejectedByReason.get(reason) ?? 0) + count);
    }
  }

  #documentOf({ docId, text }: LabelRow): number {
    const { isOriginal } = this.#parts;
    if (!docId.isEmpty() && !isOriginal) return this.documents.idOf(DOC_ID, docId.bytes, docId.start, docId.end);
    const { bytes, start, end } = text;
    const digest = isOriginal ? exactDigest(bytes, start, end) : this.#textKeys.digest(bytes, start, end);
    const length = this.#keyBytes.write(TEXT_KEY_PREFIX, 'latin1') + digest.length;
    this.#keyBytes.write(digest, TEXT_KEY_PREFIX.length, 'latin1');
    return this.documents.idOf(TEXT_KEY, this.#keyBytes, 0, length);
  }

  /** Most rows of a document carry the same text, so only the last one is compared. */
  #textOf({ text }: LabelRow, document: number): number {
    if (document >= this.#lastText.length) this.#lastText = grownInt32(this.#lastText, document + 1);
    if (text.isEmpty()) return NO_TEXT;
    // One more than the number, as a new document starts with 0. A text belongs to one document: the results are written
    // in order of texts.
    const known = (this.#lastText[document] ?? 0) - 1;
    const id = this.#parts.texts.idOf(known, text.bytes, text.start, text.end);
    this.#lastText[document] = id + 1;
    return id;
  }
}

function exactDigest(bytes: Uint8Array, start: number, end: number): string {
  return hash('sha256', bytes.subarray(start, end), 'hex').slice(0, 32);
}
