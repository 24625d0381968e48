import type { Pieces } from './files/compressed.ts';
import type { RandomAccess } from './files/parquet-reader.ts';

/** A label file as bytes, wherever they lie. It may be opened more than once. */
export interface LabelSource extends RandomAccess {
  /** Path below the label root, `/` as separator. Its ending may tell the format; the bytes come first. */
  readonly path: string;
  /** The bytes in pieces of any size. A piece is done with before the next is asked for, so a source may use one buffer. */
  open(): Pieces;
}

export function randomAccess(bytes: Uint8Array): RandomAccess {
  return {
    byteLength: bytes.length,
    slice: (start, end) => Uint8Array.prototype.slice.call(bytes, start, end).buffer as ArrayBuffer,
  };
}

/** A label file that is in memory already. */
export function bytesSource(path: string, bytes: Uint8Array): LabelSource {
  return { path, open: () => [bytes], ...randomAccess(bytes) };
}
