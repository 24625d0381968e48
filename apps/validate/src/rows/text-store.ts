import { closeSync, openSync, readSync } from 'node:fs';
import type { ByteHash } from '../bytes/byte-hash.ts';
import { FileWriter } from '../bytes/file-writer.ts';
import { grownFloat64, grownInt32 } from '../bytes/growable-arrays.ts';
import { escapeJsonBytes, escapedJsonLength } from '../bytes/json-escape.ts';

// Above this, reserving the worst case (six bytes for one) would cost more memory than counting costs time.
const LONG_TEXT = 100_000;

/** The documents' texts, outside the heap: each is written once to a scratch file, already as the inside of a JSON
 * string, and copied from there into the results at the end. Only its place, length and hash stay in memory (24 bytes),
 * so memory grows with the rows and not with what people wrote.
 *
 * A text of a file that is rejected stays: it does no harm, and the same file may come again.
 * Reading the label files a second time instead costs the same for plain CSV, but decodes gzip, JSON and Parquet twice
 * and breaks when a file changes in between. */
export class TextStore {
  length = 0;
  readonly #writer: FileWriter;
  readonly #hash: ByteHash;
  #starts = new Float64Array(1024);
  #lengths = new Int32Array(1024);
  #lows = new Int32Array(1024);
  #highs = new Int32Array(1024);

  constructor(path: string, hash: ByteHash) {
    this.#writer = new FileWriter(path);
    this.#hash = hash;
  }

  /** The text's number: `known`, where that is the same text, or a new one. */
  idOf(known: number, bytes: Uint8Array, start: number, end: number): number {
    this.#hash.update(bytes, start, end);
    const { low, high } = this.#hash;
    if (known >= 0 && this.#lows[known] === low && this.#highs[known] === high) return known;
    const id = this.length;
    this.#reserve(id + 1);
    this.#lows[id] = low;
    this.#highs[id] = high;
    this.#starts[id] = this.#writer.position;
    this.#writer.reserve(end - start > LONG_TEXT ? escapedJsonLength(bytes, start, end) : (end - start) * 6);
    const { buffer, at } = this.#writer.room;
    const length = escapeJsonBytes(bytes, start, end, buffer, at);
    this.#writer.advance(length);
    this.#lengths[id] = length;
    this.length = id + 1;
    return id;
  }

  isSame(left: number, right: number): boolean {
    if (left === right) return true;
    if (left < 0 || right < 0) return false;
    return this.#lows[left] === this.#lows[right] && this.#highs[left] === this.#highs[right];
  }

  /** Equal for equal texts. */
  hashOf(id: number): number {
    return this.#lows[id] ?? 0;
  }

  /** No text is added any more; they can be read now. */
  finish(): TextReader {
    this.#writer.close();
    return new TextReader(this.#writer.path, this.#starts, this.#lengths);
  }

  #reserve(length: number): void {
    this.#starts = grownFloat64(this.#starts, length);
    this.#lengths = grownInt32(this.#lengths, length);
    this.#lows = grownInt32(this.#lows, length);
    this.#highs = grownInt32(this.#highs, length);
  }
}

const WINDOW_BYTES = 4 * 1024 * 1024;

/** Reads stored texts; cheap as long as they are asked for in rising order. */
export class TextReader {
  readonly #handle: number;
  readonly #starts: Float64Array;
  readonly #lengths: Int32Array;
  #window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #windowStart = 0;
  #windowLength = 0;

  constructor(path: string, starts: Float64Array, lengths: Int32Array) {
    this.#handle = openSync(path, 'r');
    this.#starts = starts;
    this.#lengths = lengths;
  }

  /** The inside of the text's JSON string, valid until the next call. */
  json(id: number): Uint8Array {
    const start = this.#starts[id] ?? 0;
    const length = this.#lengths[id] ?? 0;
    if (start < this.#windowStart || start + length > this.#windowStart + this.#windowLength) this.#load(start, length);
    const from = start - this.#windowStart;
    return this.#window.subarray(from, from + length);
  }

  text(id: number): string {
    return JSON.parse(`"${Buffer.from(this.json(id)).toString('utf8')}"`) as string;
  }

  close(): void {
    closeSync(this.#handle);
  }

  #load(start: number, length: number): void {
    if (length > this.#window.length) this.#window = Buffer.allocUnsafeSlow(length);
    this.#windowStart = start;
    this.#windowLength = 0;
    while (this.#windowLength < length) {
      const room = this.#window.length - this.#windowLength;
      const read = readSync(this.#handle, this.#window, this.#windowLength, room, start + this.#windowLength);
      if (read === 0) throw new Error('reading the scratch file of texts: it ends early');
      this.#windowLength += read;
    }
  }
}
