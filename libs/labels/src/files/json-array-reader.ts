import type { SourceSettings } from '../label-row.ts';
import { decodeUtf8, jsonValueEnd, parseJson, skipJsonSpace } from './json-scanner.ts';
import type { FileReason } from '../reasons.ts';
import type { FileNote, LabelSink, RecordReader } from '../record-reader.ts';
import { ValueRows, isRecord } from './value-row.ts';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** `[…]`, or `{"annotations":[…]}` where that key comes first. Elements are read one by one, so a large export needs no
 * more memory than a small one. */
export class JsonArrayReader implements RecordReader {
  readonly notes: readonly FileNote[] = [];
  readonly tooLong = 'malformed_json';
  readonly #values: ValueRows;
  // What stands before the array in `{"annotations":[…]}`; '' for a bare array.
  readonly #before: string;
  #state: 'start' | 'first' | 'value' | 'separator' | 'end' = 'start';
  #fileRejection: FileReason | undefined;

  constructor(sink: LabelSink, settings: SourceSettings, before: string) {
    this.#values = new ValueRows(sink, settings);
    this.#before = before;
  }

  get rows(): number {
    return this.#values.rows;
  }

  get rejection(): FileReason | undefined {
    return this.#fileRejection ?? this.#values.rejection;
  }

  take(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    let at = skipJsonSpace(bytes, start, end);
    while (at < end && this.#state !== 'end' && this.rejection === undefined) {
      const next = this.#step(bytes, at, end);
      if (next < 0) break;
      at = skipJsonSpace(bytes, next, end);
    }
    if (this.#state === 'end' && this.#before === '' && at < end) this.#fileRejection ??= 'malformed_json';
    if (isLast && !this.#isWhole(decodeUtf8(bytes, at, end))) this.#fileRejection ??= 'malformed_json';
    return isLast ? end : at;
  }

  /** One token: the next position, or -1 where the value is unfinished. */
  #step(bytes: Uint8Array, at: number, end: number): number {
    const byte = bytes[at];
    if (this.#state === 'start') {
      this.#state = 'first';
      return bytes.indexOf(OPEN_BRACKET, at + this.#before.length) + 1;
    }
    if (byte === CLOSE_BRACKET && this.#state !== 'value') {
      this.#state = 'end';
      return at + 1;
    }
    if (this.#state !== 'separator') return this.#takeElement(bytes, at, end);
    if (byte === COMMA) this.#state = 'value';
    else this.#fileRejection = 'malformed_json';
    return at + 1;
  }

  #takeElement(bytes: Uint8Array, at: number, end: number): number {
    const valueEnd = jsonValueEnd(bytes, at, end);
    if (valueEnd < 0) return -1;
    const value = parseJson(decodeUtf8(bytes, at, valueEnd));
    if (value === undefined) this.#fileRejection = 'malformed_json';
    else if (isRecord(value)) this.#values.take(value);
    else this.#values.reject('malformed_row', value);
    this.#state = 'separator';
    return valueEnd;
  }

  #isWhole(after: string): boolean {
    return this.#state === 'end' && parseJson(`${this.#before}[]${after}`) !== undefined;
  }
}
