import { BrokenStreamError, decompress } from './compressed.ts';
import type { Compression, Pieces } from './compressed.ts';
import type { LabelSource } from '../label-source.ts';

/** What is in a file, whether it is packed or not. */
export interface FileBytes {
  /** Path without the endings of compression. */
  readonly name: string;
  readonly isPacked: boolean;
  open(): Pieces;
  /** As many of the first bytes as asked for, if there are. */
  head(size: number): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }>;
}

/** A table's header, or the first record of most exports. */
export const HEAD_BYTES = 64 * 1024;

/** `bad_gzip`: the name promises gzip and the bytes are something else. `limit`: bytes, packed or not. */
export async function openBytes(source: LabelSource, limit: number): Promise<FileBytes | 'bad_gzip' | 'too_large'> {
  if (source.byteLength > limit) return 'too_large';
  const firstOf = async (size: number) => new Uint8Array(await source.slice(0, Math.min(size, source.byteLength)));
  const start = await firstOf(HEAD_BYTES);
  const compression = compressionOf(start, source.path);
  if (compression === 'missing') return 'bad_gzip';
  if (compression !== undefined) {
    const open = () => decompress(source.open(), compression, limit);
    const name = source.path.replace(/\.(gz|zst|zstd)$/i, '');
    return { name, isPacked: true, open, head: (size) => firstBytes(open(), size) };
  }
  return {
    name: source.path,
    isPacked: false,
    open: () => source.open(),
    head: async (size) => ({
      bytes: size === HEAD_BYTES ? start : await firstOf(size),
      isWhole: source.byteLength <= size,
    }),
  };
}

function compressionOf(start: Uint8Array, path: string): Compression | 'missing' | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  return /\.gz$/i.test(path) ? 'missing' : undefined;
}

/** A stream that breaks behind its beginning has a beginning all the same: whoever reads on will meet the break. */
async function firstBytes(pieces: Pieces, size: number): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const found: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of pieces) {
      found.push(Buffer.from(piece.subarray(0, size - length)));
      length += piece.length;
      if (length > size) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenStreamError) || length === 0) throw error;
    return { bytes: Buffer.concat(found), isWhole: false };
  }
  return { bytes: Buffer.concat(found), isWhole: length <= size };
}

/** All of it. Undefined where that is more than `limit`. */
export async function wholeBytes(pieces: Pieces, limit: number): Promise<Uint8Array | undefined> {
  const found: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > limit) return undefined;
    found.push(Buffer.from(piece));
  }
  return Buffer.concat(found);
}
