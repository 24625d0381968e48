import { isUtf8 } from 'node:buffer';
import { CsvReader } from './csv-reader.ts';
import { chooseJsonReader } from './json-document-reader.ts';
import { limitsOf } from '../label-row.ts';
import type { SourceSettings } from '../label-row.ts';
import type { FileReason } from '../reasons.ts';
import type { LabelSink, RecordReader } from '../record-reader.ts';
import { skipSpace } from '../white-space.ts';

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/** A record longer than this is taken for a broken file (a quote that is never closed), not for a long text. It bounds
 * the memory a single file can claim. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

export type TextOutcome = RecordReader | FileReason | 'not_utf8';

export interface TextFile {
  /** Path without the endings of compression: it may tell JSON Lines from JSON. */
  readonly name: string;
  readonly sink: LabelSink;
  readonly settings: SourceSettings;
  /** False for bytes that were transcoded and are UTF-8 by construction. */
  readonly isEncodingUnsure: boolean;
}

/** One text file in UTF-8 (without byte order mark), pushed piece by piece. Pieces may end anywhere; whole records are
 * read where they lie, and only what is unfinished is copied. */
export class TextFileReader {
  readonly #file: TextFile;
  #reader: RecordReader | undefined;
  #problem: FileReason | 'not_utf8' | undefined;
  #carry = Buffer.alloc(0);
  #carried = 0;
  // A long unfinished record is scanned again only when twice as much of it has arrived, or scanning would be quadratic.
  #wanted = 0;

  constructor(file: TextFile) {
    this.#file = file;
  }

  /** False when nothing more is wanted, because the file is known to be bad. */
  push(piece: Uint8Array): boolean {
    if (this.#carried === 0) {
      const taken = this.#take(piece, piece.length, false);
      if (taken < piece.length) this.#keep(piece.subarray(taken));
    } else {
      this.#keep(piece);
      if (this.#carried >= this.#wanted) this.#takeCarried(false);
    }
    if (this.#carried > MAX_RECORD_BYTES) this.#problem ??= this.#reader?.tooLong ?? 'malformed_json';
    return this.#problem === undefined;
  }

  end(): TextOutcome {
    if (this.#problem === undefined) this.#takeCarried(true);
    return this.#problem ?? this.#reader ?? 'empty_file';
  }

  #keep(piece: Uint8Array): void {
    const length = this.#carried + piece.length;
    if (this.#carry.length < length) {
      const larger = Buffer.allocUnsafeSlow(length * 2);
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(piece, this.#carried);
    this.#carried = length;
  }

  #takeCarried(isLast: boolean): void {
    const taken = this.#take(this.#carry, this.#carried, isLast);
    this.#carry.copyWithin(0, taken, this.#carried);
    this.#carried -= taken;
    this.#wanted = this.#carried * 2;
  }

  #take(bytes: Uint8Array, end: number, isLast: boolean): number {
    this.#reader ??= this.#chooseReader(bytes, end, isLast);
    if (this.#reader === undefined) return 0;
    const taken = this.#reader.take(bytes, 0, end, isLast);
    this.#problem = this.#reader.rejection;
    if (this.#reader.rows > limitsOf(this.#file.settings).rows) this.#problem ??= 'too_many_rows';
    if (this.#file.isEncodingUnsure && !isUtf8(wholeCharacters(bytes, taken, isLast))) this.#problem = 'not_utf8';
    return this.#problem === undefined ? taken : end;
  }

  #chooseReader(bytes: Uint8Array, end: number, isLast: boolean): RecordReader | undefined {
    const { name, sink, settings } = this.#file;
    const first = skipSpace(bytes, 0, end);
    // White space alone says nothing yet, and the last bytes may be half a character of it.
    if (first >= end - 2 && !isLast) return undefined;
    if (first === end) return undefined;
    const isLinesByName = /\.(jsonl|ndjson)$/i.test(name);
    const isJson =
      isLinesByName || bytes[first] === OPEN_BRACKET || bytes[first] === OPEN_BRACE || /\.json$/i.test(name);
    if (!isJson) return new CsvReader(sink, settings);
    return chooseJsonReader({ bytes, start: 0, end, isLast }, isLinesByName, sink, settings);
  }
}

/** A bad file is given up in mid-piece, where the last character may be cut in half: that is no bad encoding. */
function wholeCharacters(bytes: Uint8Array, end: number, isLast: boolean): Uint8Array {
  let to = end;
  while (!isLast && to > 0 && end - to < 3 && ((bytes[to - 1] ?? 0) & 0xc0) === 0x80) to -= 1;
  return bytes.subarray(0, !isLast && to > 0 && (bytes[to - 1] ?? 0) >= 0xc0 ? to - 1 : end);
}
