import type { RowRecord } from './row-record.ts';

/**
 * The record of a row that is what it was, or null for one that has to be sent. It is what it was where every content since
 * the last whole one has it: of a content that was given up half-way nobody knows what was sent, so what it has not, or has
 * otherwise, may have been told to the validator.
 */
export function keptRecord(
  { key, digest }: RowRecord,
  before: readonly RowRecord[],
  contentsBefore: number,
): RowRecord | null {
  const [first] = before;
  if (first === undefined || before.length !== contentsBefore) return null;
  const isSame = (record: RowRecord) => record.key === key && record.digest === digest;
  return before.every((record) => isSame(record) && record.generation === first.generation) ? first : null;
}

const BITS = 8;

/** Rows of one content that stay as they are: a bit for each, because a file may have millions. */
export class KeptRows {
  count = 0;
  #bits = new Uint8Array(1024);

  add(row: number): void {
    const index = Math.floor(row / BITS);
    if (index >= this.#bits.length) {
      const larger = new Uint8Array(2 * index);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[index]! |= 1 << (row % BITS);
    this.count++;
  }

  has(row: number): boolean {
    return ((this.#bits[Math.floor(row / BITS)] ?? 0) & (1 << (row % BITS))) !== 0;
  }
}
