import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1024 * 1024;

/** Writes a file from many small pieces, strings and bytes, without a stream's bookkeeping per piece. Synchronous: the
 * page cache takes the writes, and a million lines need no million promises. */
export class FileWriter {
  readonly path: string;
  readonly #handle: number;
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #length = 0;
  #flushed = 0;

  constructor(path: string) {
    this.path = path;
    this.#handle = openSync(path, 'w');
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#flushed + this.#length;
  }

  text(text: string): void {
    if (text.length > BUFFER_BYTES) {
      const bytes = Buffer.from(text, 'utf8');
      this.bytes(bytes, 0, bytes.length);
      return;
    }
    // UTF-8 needs at most three bytes for a UTF-16 unit.
    this.reserve(text.length * 3);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  bytes(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > BUFFER_BYTES) {
      this.flush();
      this.#write(bytes.subarray(start, end));
      return;
    }
    this.reserve(end - start);
    this.#buffer.set(bytes.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  /** Room for `length` bytes, to be written by the caller into `room` and told with `advance`. */
  reserve(length: number): void {
    if (this.#length + length <= this.#buffer.length) return;
    this.flush();
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(length);
  }

  get room(): { readonly buffer: Buffer; readonly at: number } {
    return { buffer: this.#buffer, at: this.#length };
  }

  advance(length: number): void {
    this.#length += length;
  }

  flush(): void {
    this.#write(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    // One huge text must not hold its room for the rest of the run.
    if (this.#buffer.length > 4 * BUFFER_BYTES) this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  /** Takes back everything after `position`. */
  truncate(position: number): void {
    this.flush();
    ftruncateSync(this.#handle, position);
    this.#flushed = position;
  }

  close(): void {
    this.flush();
    closeSync(this.#handle);
  }

  // Positions are explicit, because a truncated file's own offset would stay behind its end.
  #write(bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(this.#handle, bytes, written, bytes.length - written, this.#flushed + written);
    }
    this.#flushed += written;
  }
}
