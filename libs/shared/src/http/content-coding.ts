import zlib from 'node:zlib';

/** How a body was compressed on its way (`Content-Encoding`). */
export type Compression = 'gzip' | 'zstd';

const PIECE_BYTES = 64 * 1024;

/** A frame may ask for a window of 128 MiB of memory. In HTTP it is at most 8 MiB (RFC 9659). */
const ZSTD_WINDOW_LOG = 23;

const engines: Readonly<Record<Compression, (() => zlib.Gunzip | zlib.ZstdDecompress) | null>> = {
  gzip: () => zlib.createGunzip({ chunkSize: PIECE_BYTES }),
  // Node 20 has no zstd.
  zstd:
    'createZstdDecompress' in zlib
      ? () =>
          zlib.createZstdDecompress({
            chunkSize: PIECE_BYTES,
            params: { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
          })
      : null,
};

export const knownCompressions: readonly Compression[] = (['gzip', 'zstd'] as const).filter(
  (compression) => engines[compression] !== null,
);

/** What a `Content-Encoding` says; `unknown` is everything that is not one of ours, several in a row among it. */
export function codingOf(header: string | undefined): Compression | 'identity' | 'unknown' {
  const name = (header ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  const coding = name === 'x-gzip' ? 'gzip' : name;
  return knownCompressions.find((known) => known === coding) ?? 'unknown';
}

export const isCompressed = (coding: ReturnType<typeof codingOf>): coding is Compression =>
  coding === 'gzip' || coding === 'zstd';

/** The fault of whoever compressed it. Tells nothing of what is inside. */
export class UnreadableBody extends Error {}

/** The plain bytes, piece by piece and off the event loop; whoever stops asking ends the unpacking. */
export async function* unpack(body: Buffer, compression: Compression): AsyncGenerator<Buffer> {
  const engine = engines[compression]!();
  engine.end(body);
  try {
    yield* engine as AsyncIterable<Buffer>;
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new UnreadableBody(`The body is no ${compression}, is damaged, or ends too early.`, { cause: error });
  }
  // Node reads one frame of zstd and says nothing of what follows it, nor of what follows the last member of gzip.
  if (engine.bytesWritten < body.length)
    throw new UnreadableBody(
      `There are bytes behind the end of the ${compression}; send the body as one ${compression === 'zstd' ? 'frame' : 'stream'}.`,
    );
}

/** zlib: Z_DATA_ERROR (damaged), Z_BUF_ERROR (cut off), Z_NEED_DICT. zstd: ZSTD_error_… */
const DATA_ERROR = /^(Z_(DATA|BUF)_ERROR|Z_NEED_DICT|ZSTD_error_|ERR_ZLIB_|ERR_ZSTD_)/;

const isDataError = (error: unknown): boolean => DATA_ERROR.test(String((error as { code?: unknown } | null)?.code));
