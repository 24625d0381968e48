// Finds the cells of one CSV record in UTF-8 bytes. Written by hand because it is the hot loop of a validation: a general
// CSV parser makes a string of every cell (csv-parse costs 1.8 times a scanner over strings), while here only positions
// are kept and no text is decoded at all.
//
// RFC 4180, read leniently where it is silent: a quote inside an unquoted cell is a letter, what follows a closing quote
// up to the separator belongs to the cell, and CR, LF and CRLF all end a record.

export const INCOMPLETE = -1;
export const UNTERMINATED = -2;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export class CsvScanner {
  /** Cells of the record that was scanned last. */
  count = 0;
  /** The only cell was not quoted: such a record may be a blank line. */
  isBare = false;
  readonly #separator: number;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  // 1 where the cell had doubled quotes and its plain form stands in the scratch buffer.
  #isCopied = new Uint8Array(64);
  #scratch = Buffer.alloc(64 * 1024);
  #scratchEnd = 0;
  #source: Uint8Array = this.#scratch;

  constructor(separator: number) {
    this.#separator = separator;
  }

  bytesOf(cell: number): Uint8Array {
    return this.#isCopied[cell] === 1 ? this.#scratch : this.#source;
  }

  startOf(cell: number): number {
    return this.#starts[cell] ?? 0;
  }

  endOf(cell: number): number {
    return this.#ends[cell] ?? 0;
  }

  textOf(cell: number): string {
    const bytes = this.bytesOf(cell);
    const start = this.startOf(cell);
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, this.endOf(cell) - start).toString('utf8');
  }

  texts(): string[] {
    return Array.from({ length: this.count }, (_, cell) => this.textOf(cell));
  }

  /** Scans the record at `at` and tells where the next one begins. INCOMPLETE where more bytes are needed (never with
   * `isLast`), UNTERMINATED where the input ends inside quotes. */
  scan(bytes: Uint8Array, at: number, end: number, isLast: boolean): number {
    this.#source = bytes;
    this.#scratchEnd = 0;
    this.count = 0;
    this.isBare = true;
    let next = at;
    for (;;) {
      next =
        bytes[next] === QUOTE && next < end ? this.#quoted(bytes, next + 1, end) : this.#unquoted(bytes, next, end);
      if (next < 0) return isLast ? UNTERMINATED : INCOMPLETE;
      if (next >= end) return isLast ? end : INCOMPLETE;
      const byte = bytes[next];
      next += 1;
      if (byte === this.#separator) continue;
      if (byte === LF) return next;
      // A CR may be half of a CRLF.
      if (next >= end) return isLast ? end : INCOMPLETE;
      return bytes[next] === LF ? next + 1 : next;
    }
  }

  /** Position of the separator or line end after the cell. */
  #unquoted(bytes: Uint8Array, start: number, end: number): number {
    const to = this.#findEnd(bytes, start, end);
    this.#add(start, to, 0);
    return to;
  }

  #findEnd(bytes: Uint8Array, start: number, end: number): number {
    const separator = this.#separator;
    let at = start;
    while (at < end) {
      const byte = bytes[at];
      if (byte === separator || byte === LF || byte === CR) return at;
      at += 1;
    }
    return end;
  }

  /** As #unquoted; -1 where the quote is not closed. `start` is behind the opening quote. */
  #quoted(bytes: Uint8Array, start: number, end: number): number {
    this.isBare = false;
    let at = start;
    while (at < end && bytes[at] !== QUOTE) at += 1;
    if (at >= end) return -1;
    const byte = at + 1 < end ? bytes[at + 1] : LF;
    if (byte === this.#separator || byte === LF || byte === CR) {
      this.#add(start, at, 0);
      return at + 1;
    }
    return this.#quotedCopy(bytes, start, at, end);
  }

  // The rest of #quoted for a cell with doubled quotes or with something behind the closing one: `quote` is the first.
  #quotedCopy(bytes: Uint8Array, start: number, quote: number, end: number): number {
    const from = this.#scratchEnd;
    const scratch = this.#roomFor(end - start);
    let to = from;
    for (let i = start; i < quote; i += 1) {
      scratch[to] = bytes[i] ?? 0;
      to += 1;
    }
    let at = quote;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        at += 1;
        if (at >= end || bytes[at] !== QUOTE) return this.#behindQuote(bytes, at, end, from, to);
      }
      scratch[to] = byte;
      to += 1;
      at += 1;
    }
    return -1;
  }

  #behindQuote(bytes: Uint8Array, start: number, end: number, from: number, to: number): number {
    const cellEnd = this.#findEnd(bytes, start, end);
    this.#scratch.set(bytes.subarray(start, cellEnd), to);
    this.#scratchEnd = to + cellEnd - start;
    this.#add(from, this.#scratchEnd, 1);
    return cellEnd;
  }

  // A cell is never longer than what is left of the buffer, but asking for that much would clear megabytes for nothing:
  // the scratch grows to the buffer's size once and stays.
  #roomFor(length: number): Buffer {
    const needed = this.#scratchEnd + length;
    if (this.#scratch.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#scratch.length * 2));
      larger.set(this.#scratch.subarray(0, this.#scratchEnd));
      this.#scratch = larger;
    }
    return this.#scratch;
  }

  #add(start: number, end: number, isCopied: 0 | 1): void {
    const cell = this.count;
    if (cell === this.#starts.length) this.#growCells();
    this.#starts[cell] = start;
    this.#ends[cell] = end;
    this.#isCopied[cell] = isCopied;
    this.count = cell + 1;
  }

  #growCells(): void {
    const length = this.#starts.length * 2;
    this.#starts = grown(this.#starts, new Int32Array(length));
    this.#ends = grown(this.#ends, new Int32Array(length));
    this.#isCopied = grown(this.#isCopied, new Uint8Array(length));
  }
}

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
