import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { isPackedTooWell } from '../limits.ts';
import type { FileReason } from '../reasons.ts';

export type Compression = 'gzip' | 'zstd';

export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Thrown out of `decompress` for what is the content's fault. */
export class BrokenStreamError extends Error {
  readonly reason: FileReason;

  constructor(reason: FileReason, cause: unknown) {
    super(`decompressing: ${String(cause)}`, { cause });
    this.reason = reason;
  }
}

const PIECE_BYTES = 1024 * 1024;

/** The plain bytes, piece by piece; several members behind each other are one file, as gzip's own tools read them. Of zstd it
 * has to be one frame. Not more than `limit` of them. */
export async function* decompress(pieces: Pieces, compression: Compression, limit: number): AsyncGenerator<Uint8Array> {
  const options = { chunkSize: PIECE_BYTES };
  const engine = compression === 'gzip' ? zlib.createGunzip(options) : createZstd(options);
  let packed = 0;
  const counted = (bytes: number): void => void (packed += bytes);
  const input = Readable.from(copies(pieces, counted), { objectMode: true });
  let sourceFailure: Error | undefined;
  input.on('error', (error) => {
    sourceFailure = error;
    engine.destroy(error);
  });
  try {
    let unpacked = 0;
    for await (const piece of input.pipe(engine) as AsyncIterable<Uint8Array>) {
      unpacked += piece.length;
      if (unpacked > limit || isPackedTooWell(engine.bytesWritten, unpacked)) {
        throw new BrokenStreamError('too_large', `${unpacked} bytes of ${engine.bytesWritten} are too many`);
      }
      yield piece;
    }
    // Node ends with the first frame of zstd and drops what follows it in the same piece.
    if (compression === 'zstd' && engine.bytesWritten < packed)
      throw new BrokenStreamError('undecodable', `${packed - engine.bytesWritten} bytes behind the first frame`);
  } catch (error) {
    if (sourceFailure !== undefined || !isDataError(error)) throw error;
    throw new BrokenStreamError(reasonOf(error, compression), error);
  } finally {
    input.destroy();
  }
}

/** By name and not by import: Node 20 runs the rest of this library, and has no zstd. */
function createZstd(options: zlib.ZstdOptions): zlib.ZstdDecompress {
  if (!('createZstdDecompress' in zlib)) {
    throw new BrokenStreamError('undecodable', 'this Node has no zstd; 22.15 or newer has');
  }
  return zlib.createZstdDecompress(options);
}

// A source may hand out the same buffer again and again, while a stream reads ahead.
async function* copies(pieces: Pieces, counted: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    counted(piece.length);
    yield Buffer.from(piece);
  }
}

function isDataError(error: unknown): error is NodeJS.ErrnoException {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // zlib: Z_DATA_ERROR (damaged), Z_BUF_ERROR (cut off), Z_NEED_DICT. zstd: ZSTD_error_…
  return /^(Z_|ZSTD_|ERR_ZLIB_|ERR_ZSTD_)/.test(code);
}

function reasonOf(error: NodeJS.ErrnoException, compression: Compression): FileReason {
  if (compression === 'zstd') return 'undecodable';
  return error.code === 'Z_BUF_ERROR' ? 'truncated_gzip' : 'bad_gzip';
}
