import type { RowReason } from '@assay/labels/reasons';
import type { RejectedEntry } from './label-entry.ts';

/** Enough to see what is wrong with a file. All its rejected rows are counted, each with its place and reason. */
export const SAMPLE_ROWS = 1_000;
const SAMPLE_LENGTH = 8 * 1024 * 1024;

/** Decides of which rejected rows the record is kept. */
export class RejectedSample {
  #rows = 0;
  #length = 0;

  isFull(): boolean {
    return this.#rows >= SAMPLE_ROWS || this.#length >= SAMPLE_LENGTH;
  }

  add(entry: RejectedEntry): RejectedEntry {
    this.#rows++;
    this.#length += JSON.stringify(entry.record).length;
    return entry;
  }
}

/** The rejected rows of one file: millions of places cost some bytes each, and nobody has to read the file again for them. */
export class RejectedRows {
  readonly sample: RejectedEntry[] = [];
  readonly placesByReason = new Map<RowReason, number[]>();
  count = 0;

  add(entry: RejectedEntry): void {
    this.count++;
    if (entry.record !== null) return void this.sample.push(entry);
    const places = this.placesByReason.get(entry.reason);
    if (places === undefined) this.placesByReason.set(entry.reason, [entry.row]);
    else places.push(entry.row);
  }
}
