import { JsonArrayReader } from './json-array-reader.ts';
import { JsonLinesReader } from './json-lines-reader.ts';
import { decodeUtf8, parseJson } from './json-scanner.ts';
import type { SourceSettings } from '../label-row.ts';
import type { FileReason } from '../reasons.ts';
import type { FileNote, LabelSink, RecordReader } from '../record-reader.ts';
import { ValueRows, isRecord } from './value-row.ts';
import { skipSpace } from '../white-space.ts';

const OPEN_BRACKET = 0x5b;
const LF = 0x0a;

/** JSON whose form its first bytes do not tell: pretty-printed, with `annotations` behind other keys, or lines of which
 * the first is broken. It is read whole, and what it is becomes clear at its end only. */
class JsonDocumentReader implements RecordReader {
  readonly notes: readonly FileNote[] = [];
  readonly tooLong = 'malformed_json';
  readonly #lines: JsonLinesReader;
  readonly #values: ValueRows;
  #isLines = false;
  #fileRejection: FileReason | undefined;

  constructor(sink: LabelSink, settings: SourceSettings, isLinesByName: boolean) {
    this.#lines = new JsonLinesReader(sink, settings, isLinesByName);
    this.#values = new ValueRows(sink, settings);
  }

  get rows(): number {
    return this.#isLines ? this.#lines.rows : this.#values.rows;
  }

  get rejection(): FileReason | undefined {
    return this.#fileRejection ?? (this.#isLines ? this.#lines.rejection : this.#values.rejection);
  }

  take(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    if (!isLast) return start;
    const value = parseJson(decodeUtf8(bytes, start, end));
    const list = isRecord(value) ? value['annotations'] : value;
    if (Array.isArray(list)) this.#takeList(list);
    else if (value === undefined) {
      this.#isLines = true;
      return this.#lines.take(bytes, start, end, true);
    } else this.#fileRejection = 'malformed_json';
    return end;
  }

  #takeList(list: readonly unknown[]): void {
    for (const item of list) {
      if (isRecord(item)) this.#values.take(item);
      else this.#values.reject('malformed_row', item);
    }
  }
}

const WRAPPER = /^\s*\{\s*"annotations"\s*:\s*(?=\[)/;
const HEAD_BYTES = 1024;

export interface FileHead {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The head is the whole file. */
  readonly isLast: boolean;
}

/** The reader for a file that begins with `[` or `{`, or calls itself JSON. Undefined where more bytes are needed to
 * tell. `isLinesByName`: .jsonl or .ndjson, so that a broken line stays one bad row whichever line it is. */
export function chooseJsonReader(
  head: FileHead,
  isLinesByName: boolean,
  sink: LabelSink,
  settings: SourceSettings,
): RecordReader | undefined {
  const { bytes, start, end, isLast } = head;
  const first = skipSpace(bytes, start, end);
  const isArray = bytes[first] === OPEN_BRACKET;
  if (isArray && !isLinesByName) return new JsonArrayReader(sink, settings, '');
  const wrapper = WRAPPER.exec(decodeUtf8(bytes, start, Math.min(end, start + HEAD_BYTES)));
  if (wrapper !== null) return new JsonArrayReader(sink, settings, wrapper[0].trimStart());
  const newline = bytes.indexOf(LF, first);
  const lineEnd = newline < 0 || newline > end ? end : newline;
  if (lineEnd === end && !isLast) return undefined;
  const line = parseJson(decodeUtf8(bytes, first, lineEnd));
  const isAlone = isLast && skipSpace(bytes, lineEnd, end) === end;
  const isWrapped = isRecord(line) && Array.isArray(line['annotations']);
  const isLine = isLinesByName ? !(isArray && line === undefined) : isRecord(line);
  const isDocument = isAlone && (isWrapped || Array.isArray(line));
  if (isLine && !isDocument) return new JsonLinesReader(sink, settings, isLinesByName);
  return new JsonDocumentReader(sink, settings, isLinesByName);
}
