import { BrokenStreamError } from './files/compressed.ts';
import type { Pieces } from './files/compressed.ts';
import { HEAD_BYTES, openBytes, wholeBytes } from './files/file-bytes.ts';
import type { FileBytes } from './files/file-bytes.ts';
import { readParquet } from './files/parquet-reader.ts';
import type { RandomAccess } from './files/parquet-reader.ts';
import {
  Utf16Transcoder,
  Windows1252Transcoder,
  byteOrderMark,
  decodeHead,
  decodeText,
} from './files/text-decoding.ts';
import type { DecodedText, Transcoder } from './files/text-decoding.ts';
import { TextFileReader } from './files/text-file-reader.ts';
import { detectFormat } from './formats/detect-format.ts';
import { findToolFormat } from './formats/format-registry.ts';
import type { LabelFormat, ReadResult } from './formats/label-format.ts';
import { handOverRows } from './formats/tool-row.ts';
import { UnreadableContent } from './formats/unreadable-content.ts';
import type { Label } from './label.ts';
import { limitsOf } from './label-row.ts';
import type { SourceSettings } from './label-row.ts';
import { defaultLimits } from './limits.ts';
import { randomAccess } from './label-source.ts';
import type { LabelSource } from './label-source.ts';
import { notVoteReasons } from './reasons.ts';
import type { FileReason, NotVoteReason } from './reasons.ts';
import type { FileNote, LabelSink } from './record-reader.ts';

export type FileOutcome =
  | { readonly kind: 'read'; readonly rows: number; readonly notes: readonly FileNote[] }
  | RejectedFile;

export interface RejectedFile {
  readonly kind: 'rejected';
  readonly reason: FileReason;
  readonly rows: number;
  readonly detail?: string;
}

/** Reads one label file of any format (docs/label-rules.md#2-reading to docs/label-rules.md#4-rejected-rows) into the
 * sink. Files of our own columns are read piece by piece; the export of a tool is recognised by its beginning and read as
 * a whole. A bad file is an outcome, never an exception; exceptions are the source's or the sink's. */
export async function readLabelFile(
  source: LabelSource,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<FileOutcome> {
  sink.begin();
  if (source.byteLength === 0) return rejected('empty_file');
  const file = await openBytes(source, limitsOf(settings).bytes);
  if (typeof file === 'string') return rejected(file);
  try {
    return await readBytes(file, source, sink, settings);
  } catch (error) {
    if (error instanceof BrokenStreamError) return rejected(error.reason, 0, error.message);
    throw error;
  }
}

/** The whole file as text, for who must have it in one piece: the exports of tools, and `assay convert`. */
export async function readFileText(source: LabelSource): Promise<DecodedText | RejectedFile> {
  const file = source.byteLength === 0 ? 'empty_file' : await openBytes(source, defaultLimits.bytes);
  if (typeof file === 'string') return rejected(file);
  try {
    return await wholeText(file.open());
  } catch (error) {
    if (error instanceof BrokenStreamError) return rejected(error.reason, 0, error.message);
    throw error;
  }
}

function rejected(reason: FileReason, rows = 0, detail?: string): RejectedFile {
  return { kind: 'rejected', reason, rows, ...(detail === undefined ? {} : { detail }) };
}

/** The first record of any export: a task holds all that was said about it. */
const LONG_HEAD_BYTES = 8 * 1024 * 1024;

async function readBytes(
  file: FileBytes,
  source: LabelSource,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<FileOutcome> {
  const head = await file.head(HEAD_BYTES);
  if (head.bytes.length === 0) return rejected('empty_file');
  if (isParquet(head.bytes, file.name)) {
    // Parquet is read from its end, so inside gzip it has to be in memory.
    const unpacked = file.isPacked ? await wholeBytes(file.open(), MAX_WHOLE_BYTES) : undefined;
    if (file.isPacked && unpacked === undefined)
      return rejected('too_large', 0, `${TOO_LARGE}: write Parquet without gzip around it`);
    return parquetOutcome(unpacked === undefined ? source : randomAccess(unpacked), sink, settings);
  }
  const tool = await toolOf(file, head);
  if (tool === undefined) return readText(file, sink, settings);
  const content = await wholeText(file.open());
  return 'kind' in content ? content : readExport(content, tool, { sink, settings, path: source.path });
}

function isParquet(start: Uint8Array, path: string): boolean {
  return Buffer.from(start.subarray(0, 4)).toString('latin1') === 'PAR1' || /\.parquet$/i.test(path);
}

async function parquetOutcome(file: RandomAccess, sink: LabelSink, settings: SourceSettings): Promise<FileOutcome> {
  const { rejection, rows, detail } = await readParquet(file, sink, settings);
  return rejection === undefined ? { kind: 'read', rows, notes: [] } : rejected(rejection, rows, detail);
}

/** The format of the tool that exported the file; undefined for a file of our own columns, or of none we know. */
async function toolOf(
  file: FileBytes,
  { bytes, isWhole }: { readonly bytes: Uint8Array; readonly isWhole: boolean },
): Promise<LabelFormat | undefined> {
  let name = detectFormat(decodeHead(bytes), file.name, isWhole);
  if (name === undefined) {
    const longer = await file.head(LONG_HEAD_BYTES);
    name = detectFormat(decodeHead(longer.bytes), file.name, longer.isWhole);
  }
  return findToolFormat(name ?? '');
}

/** What is read as a whole takes about eight times its size in memory. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
const TOO_LARGE = `more than ${MAX_WHOLE_BYTES / 1024 / 1024} MiB`;

async function wholeText(pieces: Pieces): Promise<DecodedText | RejectedFile> {
  const bytes = await wholeBytes(pieces, MAX_WHOLE_BYTES);
  if (bytes === undefined) {
    return rejected('too_large', 0, `${TOO_LARGE}: the export of a tool is read as a whole; export it in parts`);
  }
  return decodeText(bytes) ?? rejected('undecodable');
}

function readExport(
  { text, isWindows1252 }: DecodedText,
  format: LabelFormat,
  { sink, settings, path }: { readonly sink: LabelSink; readonly settings: SourceSettings; readonly path: string },
): FileOutcome {
  try {
    const result = format.read(text, { ...settings.tools, path });
    if (result.labels.length + result.rejected.length > limitsOf(settings).rows) return rejected('too_many_rows');
    if (result.labels.length > 0 && result.labels.every(isOfNobody)) {
      const rows = result.labels.length + result.rejected.length;
      return rejected('missing_column:text', rows, `no row of this ${format.name} export has a text or a doc_id`);
    }
    return {
      kind: 'read',
      rows: handOverRows(result, sink, settings),
      notes: [
        ...(isWindows1252 ? [{ code: 'read_as_windows_1252' } as const] : []),
        { code: 'tool_export', format: format.name },
        ...notVoteNotes(result),
        ...result.notes,
      ],
    };
  } catch (error) {
    if (error instanceof UnreadableContent) return rejected(error.reason, 0, error.message);
    // Formats call themselves for each level of what they are given.
    if (error instanceof RangeError) return rejected('too_deep', 0, error.message);
    throw error;
  }
}

function notVoteNotes({ notVotes }: ReadResult): FileNote[] {
  const reasons = Object.keys(notVoteReasons) as NotVoteReason[];
  return reasons.flatMap((reason) => {
    const count = notVotes[reason];
    return count === undefined ? [] : [{ code: 'not_a_vote', reason, count } as const];
  });
}

/** Azure ML knows its items by their numbers only: one cause for all rows, to be said once. */
function isOfNobody({ docId, text }: Label): boolean {
  return docId === null && text === null;
}

async function readText(bytes: FileBytes, sink: LabelSink, settings: SourceSettings): Promise<FileOutcome> {
  const file = { name: bytes.name, sink, settings };
  const outcome = await readDecoded(new TextFileReader({ ...file, isEncodingUnsure: true }), bytes.open(), undefined);
  if (outcome !== 'not_utf8') return outcome;
  sink.begin();
  const reader = new TextFileReader({ ...file, isEncodingUnsure: false });
  const again = await readDecoded(reader, bytes.open(), new Windows1252Transcoder());
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
