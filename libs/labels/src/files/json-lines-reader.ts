import type { SourceSettings } from '../label-row.ts';
import { decodeUtf8, parseJson } from './json-scanner.ts';
import type { FileReason } from '../reasons.ts';
import type { FileNote, LabelSink, RecordReader } from '../record-reader.ts';
import { ValueRows, isRecord } from './value-row.ts';
import { skipSpace } from '../white-space.ts';

const LF = 0x0a;

/** One object a line. A broken line is one bad row; the lines around it count. */
export class JsonLinesReader implements RecordReader {
  readonly notes: readonly FileNote[] = [];
  readonly tooLong = 'malformed_json';
  readonly #values: ValueRows;
  readonly #isByName: boolean;
  #hasObject = false;
  #fileRejection: FileReason | undefined;

  /** `isByName`: the file calls itself JSON Lines, so it is that even if no line can be read. */
  constructor(sink: LabelSink, settings: SourceSettings, isByName: boolean) {
    this.#values = new ValueRows(sink, settings);
    this.#isByName = isByName;
  }

  get rows(): number {
    return this.#values.rows;
  }

  get rejection(): FileReason | undefined {
    return this.#fileRejection ?? this.#values.rejection;
  }

  take(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    let at = start;
    while (at < end && this.rejection === undefined) {
      const newline = bytes.indexOf(LF, at);
      const lineEnd = newline < 0 || newline >= end ? end : newline;
      if (lineEnd === end && !isLast) return at;
      this.#takeLine(bytes, at, lineEnd);
      at = lineEnd + 1;
    }
    if (isLast && !this.#hasObject && !this.#isByName) this.#fileRejection = 'malformed_json';
    return end;
  }

  #takeLine(bytes: Uint8Array, start: number, end: number): void {
    if (skipSpace(bytes, start, end) === end) return;
    const line = decodeUtf8(bytes, start, end);
    const value = parseJson(line);
    this.#hasObject ||= isRecord(value);
    if (isRecord(value)) this.#values.take(value);
    else this.#values.reject('malformed_row', value ?? line.trim());
  }
}
