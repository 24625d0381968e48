import { BrokenStreamError, decompress } from './files/compressed.ts';
import type { Compression, Pieces } from './files/compressed.ts';
import type { SourceSettings } from './label-row.ts';
import { readParquet } from './files/parquet-reader.ts';
import type { RandomAccess } from './files/parquet-reader.ts';
import type { FileReason } from './reasons.ts';
import type { FileNote, LabelSink } from './record-reader.ts';
import { Utf16Transcoder, Windows1252Transcoder, byteOrderMark } from './files/text-decoding.ts';
import type { Transcoder } from './files/text-decoding.ts';
import { TextFileReader } from './files/text-file-reader.ts';

/** A label file as bytes, wherever they lie. It may be opened more than once. */
export interface LabelSource extends RandomAccess {
  /** Path below the label root, `/` as separator. Its ending may tell the format; the bytes come first. */
  readonly path: string;
  /** The bytes in pieces of any size. A piece is done with before the next is asked for, so a source may use one buffer. */
  open(): Pieces;
}

export type FileOutcome =
  | { readonly kind: 'read'; readonly rows: number; readonly notes: readonly FileNote[] }
  | { readonly kind: 'rejected'; readonly reason: FileReason; readonly rows: number; readonly detail?: string };

/** Reads one label file of any format (docs/label-rules.md#2-reading to docs/label-rules.md#4-rejected-rows) into the
 * sink. A bad file is an outcome, never an exception; exceptions are the source's or the sink's. */
export async function readLabelFile(
  source: LabelSource,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<FileOutcome> {
  sink.begin();
  if (source.byteLength === 0) return rejected('empty_file');
  const start = new Uint8Array(await source.slice(0, HEAD_BYTES));
  const compression = compressionOf(start, source.path);
  if (compression === 'missing') return rejected('bad_gzip');
  if (compression !== undefined) return readCompressed(source, compression, sink, settings);
  if (isParquet(start, source.path)) return parquetOutcome(source, sink, settings);
  return readText(source.path, () => source.open(), sink, settings);
}

function rejected(reason: FileReason, rows = 0, detail?: string): FileOutcome {
  return { kind: 'rejected', reason, rows, ...(detail === undefined ? {} : { detail }) };
}

const HEAD_BYTES = 4;

async function firstBytes(pieces: Pieces): Promise<Uint8Array> {
  let head = Buffer.alloc(0);
  for await (const piece of pieces) {
    head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES)]);
    if (head.length >= HEAD_BYTES) break;
  }
  return head;
}

/** `missing`: the name promises gzip and the bytes are something else. */
function compressionOf(start: Uint8Array, path: string): Compression | 'missing' | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd';
  return /\.gz$/i.test(path) ? 'missing' : undefined;
}

function isParquet(start: Uint8Array, path: string): boolean {
  return Buffer.from(start).toString('latin1') === 'PAR1' || /\.parquet$/i.test(path);
}

async function readCompressed(
  source: LabelSource,
  compression: Compression,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<FileOutcome> {
  const path = source.path.replace(/\.(gz|zst|zstd)$/i, '');
  const open = () => decompress(source.open(), compression);
  try {
    const start = await firstBytes(open());
    if (start.length === 0) return rejected('empty_file');
    if (!isParquet(start, path)) return await readText(path, open, sink, settings);
    return await parquetOutcome(await bytesOf(open()), sink, settings);
  } catch (error) {
    if (error instanceof BrokenStreamError) return rejected(error.reason, 0, error.message);
    throw error;
  }
}

/** Parquet inside gzip has to be in memory, as it is read from its end. */
async function bytesOf(pieces: Pieces): Promise<RandomAccess> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return randomAccess(Buffer.concat(all));
}

function randomAccess(bytes: Uint8Array): RandomAccess {
  return {
    byteLength: bytes.length,
    slice: (start, end) => Uint8Array.prototype.slice.call(bytes, start, end).buffer as ArrayBuffer,
  };
}

async function parquetOutcome(file: RandomAccess, sink: LabelSink, settings: SourceSettings): Promise<FileOutcome> {
  const { rejection, rows, detail } = await readParquet(file, sink, settings);
  return rejection === undefined ? { kind: 'read', rows, notes: [] } : rejected(rejection, rows, detail);
}

async function readText(
  name: string,
  open: () => Pieces,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<FileOutcome> {
  const file = { name, sink, settings };
  const outcome = await readDecoded(new TextFileReader({ ...file, isEncodingUnsure: true }), open(), undefined);
  if (outcome !== 'not_utf8') return outcome;
  sink.begin();
  const reader = new TextFileReader({ ...file, isEncodingUnsure: false });
  const again = await readDecoded(reader, open(), new Windows1252Transcoder());
  if (again === 'not_utf8' || again.kind === 'rejected') return again === 'not_utf8' ? rejected('undecodable') : again;
  return { ...again, notes: [{ code: 'read_as_windows_1252' }, ...again.notes] };
}

/** Without a transcoder the byte order mark decides. */
async function readDecoded(
  reader: TextFileReader,
  pieces: Pieces,
  forced: Transcoder | undefined,
): Promise<FileOutcome | 'not_utf8'> {
  let transcoder = forced;
  let isStart = true;
  for await (const piece of withWholeMark(pieces)) {
    let bytes: Uint8Array | undefined = piece;
    if (isStart) {
      const mark = byteOrderMark(piece, 0, piece.length);
      bytes = piece.subarray(mark.length);
      if (mark.encoding !== 'utf-8') transcoder ??= new Utf16Transcoder(mark.encoding);
      isStart = false;
    }
    if (transcoder !== undefined) bytes = transcoder.decode(bytes);
    if (bytes === undefined) return rejected('undecodable');
    if (!reader.push(bytes)) break;
  }
  const rest = transcoder?.end();
  if (transcoder !== undefined && rest === undefined) return rejected('undecodable');
  if (rest !== undefined) reader.push(rest);
  return outcomeOf(reader);
}

function outcomeOf(reader: TextFileReader): FileOutcome | 'not_utf8' {
  const end = reader.end();
  if (end === 'not_utf8') return end;
  return typeof end === 'string' ? rejected(end) : { kind: 'read', rows: end.rows, notes: end.notes };
}

/** The first piece holds at least the three bytes of the longest mark, as long as the file has them. */
async function* withWholeMark(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (held === undefined) yield piece;
    else {
      const first: Uint8Array = held.length === 0 ? piece : Buffer.concat([held, piece]);
      held = first.length < 3 ? Buffer.from(first) : undefined;
      if (held === undefined) yield first;
    }
  }
  if (held !== undefined && held.length > 0) yield held;
}

/** A label file that is in memory already. */
export function bytesSource(path: string, bytes: Uint8Array): LabelSource {
  return { path, open: () => [bytes], ...randomAccess(bytes) };
}
