import { parseConfidence } from './confidence.ts';
import type { ToolSettings } from './formats/tool-settings.ts';
import { parseInstant } from './instant.ts';
import { parseLabelCell } from './label-cell.ts';
import { isBlankLabel } from './label.ts';
import { defaultLimits } from './limits.ts';
import type { FileLimits } from './limits.ts';
import type { RowReason } from './reasons.ts';
import { skipSpace, trimmedEnd } from './white-space.ts';

/** What a source says about its confidence column; the default is to guess nothing. The report of a run repeats it. */
export interface SourceSettings {
  /** Read `0,95` as 0.95. */
  readonly hasDecimalComma: boolean;
  /** What a missing confidence means: `reject` it, a number in [0,1] to assume, or `keep` the row without one, as a
   * conversion does, which decides nothing. */
  readonly missingConfidence: 'reject' | 'keep' | number;
  /** Texts were sent out with an apostrophe before what a spreadsheet would run (formula-cells.ts): it is taken off again. */
  readonly hasEscapedFormulas?: boolean;
  /** Where exports of tools are read: what they do not say by themselves. */
  readonly tools?: ToolSettings;
  /** What a file may take; `defaultLimits` where nothing is said. */
  readonly limits?: FileLimits;
}

export function limitsOf({ limits = defaultLimits }: SourceSettings): FileLimits {
  return limits;
}

export const defaultSettings: SourceSettings = { hasDecimalComma: false, missingConfidence: 'reject' };

/** What nobody writes by hand. Longer values would break the keys and message sizes of whatever comes after. */
export const MAX_LABEL_BYTES = 64 * 1024;
export const MAX_ANNOTATOR_BYTES = 512;

const NOTHING = new Uint8Array(0);

/** A stretch of UTF-8 in somebody's buffer: nothing is copied or decoded before somebody wants it. */
export class Cell {
  bytes: Uint8Array = NOTHING;
  start = 0;
  end = 0;

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  clear(): void {
    this.bytes = NOTHING;
    this.start = 0;
    this.end = 0;
  }

  isEmpty(): boolean {
    return this.start >= this.end;
  }

  trim(): void {
    this.start = skipSpace(this.bytes, this.start, this.end);
    this.end = trimmedEnd(this.bytes, this.start, this.end);
  }

  isBlank(): boolean {
    return skipSpace(this.bytes, this.start, this.end) === this.end;
  }

  toString(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.start, this.end - this.start).toString('utf8');
  }
}

/** One data record as the readers hand it on. One object serves a whole file: the cells are valid during the call only.
 * After `check` the cells are trimmed (all but the text, which is kept to the byte; a blank one is emptied). */
export class LabelRow {
  /** Data record in its file, from 1. */
  row = 0;
  readonly docId = new Cell();
  readonly text = new Cell();
  readonly annotator = new Cell();
  readonly field = new Cell();
  readonly label = new Cell();
  readonly confidenceCell = new Cell();
  readonly annotatedAtCell = new Cell();
  /** NaN for a row that was kept without one. */
  confidence = 0;
  /** Microseconds since 1970; NaN where there is no readable one. */
  annotatedAt = Number.NaN;

  clear(): void {
    this.docId.clear();
    this.text.clear();
    this.annotator.clear();
    this.field.clear();
    this.label.clear();
    this.confidenceCell.clear();
    this.annotatedAtCell.clear();
  }

  /** The first reason that applies (docs/label-rules.md#4-rejected-rows), after `malformed_row`, which is the reader's
   * to tell. */
  check(settings: SourceSettings): RowReason | undefined {
    this.docId.trim();
    if (this.text.isBlank()) this.text.clear();
    if (this.text.isEmpty() && this.docId.isEmpty()) return 'missing_text';
    this.label.trim();
    if (isMissingLabel(this.label)) return 'missing_label';
    const reason = this.#readConfidence(settings);
    if (reason !== undefined) return reason;
    this.annotator.trim();
    if (isLongerThan(this.label, MAX_LABEL_BYTES) || isLongerThan(this.annotator, MAX_ANNOTATOR_BYTES)) {
      return 'label_too_long';
    }
    this.field.trim();
    const at = this.annotatedAtCell;
    at.trim();
    this.annotatedAt = at.isEmpty() ? Number.NaN : parseInstant(at.bytes, at.start, at.end);
    return undefined;
  }

  #readConfidence({ hasDecimalComma, missingConfidence }: SourceSettings): RowReason | undefined {
    const cell = this.confidenceCell;
    cell.trim();
    if (cell.isEmpty()) {
      if (missingConfidence === 'reject') return 'confidence_missing';
      this.confidence = missingConfidence === 'keep' ? Number.NaN : missingConfidence;
      return undefined;
    }
    const value = parseConfidence(cell.bytes, cell.start, cell.end, hasDecimalComma);
    if (Number.isNaN(value)) return 'confidence_not_a_number';
    if (!(value >= 0 && value <= 1)) return 'confidence_out_of_range';
    // -0 is 0: equal as a number, so it must be equal as a key too.
    this.confidence = value + 0;
    return undefined;
  }
}

function isLongerThan(cell: Cell, bytes: number): boolean {
  return cell.end - cell.start > bytes;
}

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/** An empty list says nothing either; only a cell that may be a list pays for being parsed. */
function isMissingLabel(cell: Cell): boolean {
  if (cell.isEmpty()) return true;
  const first = cell.bytes[cell.start];
  return (first === OPEN_BRACKET || first === OPEN_BRACE) && isBlankLabel(parseLabelCell(cell.toString()));
}
