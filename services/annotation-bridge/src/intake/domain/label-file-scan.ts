import { readLabelFile, type FileOutcome, type RejectedFile } from '@assay/labels/label-file';
import type { SourceSettings } from '@assay/labels/label-row';
import { bytesSource, type LabelSource } from '@assay/labels/label-source';
import type { LabelSink } from '@assay/labels/record-reader';
import { type LabelContent, labelEntry, type LabelEntry, rejectedEntry, unkeptEntry } from './label-entry.ts';
import { RejectedSample } from './rejected-rows.ts';
import type { LabelPrivacy } from './label-privacy.ts';

/**
 * A label file is read more than once, because nothing of it counts before all of it is known to be good: a quote that is
 * never closed rejects the whole file, and a byte that is no UTF-8 makes every row before it read differently. The first
 * pass makes no objects; the passes after it hand rows on in chunks, so memory does not grow with the rows.
 */
export interface JudgedFile {
  readonly content: LabelContent;
  readonly bytes: Uint8Array;
  readonly outcome: FileOutcome;
  readonly settings: SourceSettings;
  /** How many attempts the reader made; only the last one counts. */
  readonly attempts: number;
  /** Rows without a confidence that count, because the settings say what that means. */
  readonly assumed: number;
}

export async function judgeFile(
  content: LabelContent,
  bytes: Uint8Array,
  settings: SourceSettings,
): Promise<JudgedFile> {
  let attempts = 0;
  let assumed = 0;
  const sink: LabelSink = {
    begin: () => {
      attempts++;
      assumed = 0;
    },
    accept: ({ confidenceCell }) => void (assumed += confidenceCell.isEmpty() ? 1 : 0),
    reject: () => {},
  };
  const outcome = await readLabelFile(bytesSource(content.path, bytes), sink, settings);
  return { content, bytes, outcome, settings, attempts, assumed };
}

/** What is worth knowing of a file besides its rows. */
export function notesOn({ outcome, settings, assumed }: JudgedFile): readonly object[] {
  if (outcome.kind === 'rejected') return notesOnRejected(outcome);
  const assumption = { code: 'confidence_assumed', confidence: settings.missingConfidence, count: assumed };
  return assumed === 0 ? outcome.notes : [...outcome.notes, assumption];
}

/** None of its rows counts, so they are not in the account; how many were seen is still worth knowing. */
export const notesOnRejected = ({ rows, detail }: RejectedFile): readonly object[] => [
  { code: 'rows_seen', count: rows },
  ...(detail === undefined ? [] : [{ code: 'detail', text: detail.replaceAll('\0', '').toWellFormed() }]),
];

/** Rows of one chunk, and those of the piece that filled it. Parquet and the exports of tools are read in one go. */
const CHUNK_ROWS = 500;
/** Small, because the decompressor takes 16 of them before anybody sees a row. */
const PIECE_BYTES = 16 * 1024;

/** Every row of a good file in order, chunk after chunk; the next is not read before `handle` is done with this one. */
export async function forEachChunk(
  { content, bytes, settings, attempts }: JudgedFile,
  privacy: LabelPrivacy,
  handle: (entries: readonly LabelEntry[]) => Promise<void>,
): Promise<void> {
  const context = { content, privacy, hasEscapedFormulas: settings.hasEscapedFormulas ?? false };
  const sample = new RejectedSample();
  let attempt = 0;
  let entries: LabelEntry[] = [];
  async function flush(atLeast: number): Promise<void> {
    if (entries.length < atLeast) return;
    const found = entries;
    entries = [];
    for (let at = 0; at < found.length; at += CHUNK_ROWS) await handle(found.slice(at, at + CHUNK_ROWS));
  }
  const sink: LabelSink = {
    begin: () => void attempt++,
    accept: (row, record) => {
      if (attempt === attempts) entries.push(labelEntry(row, record, context));
    },
    reject: (row, reason, record) => {
      if (attempt === attempts)
        entries.push(
          sample.isFull() ? unkeptEntry(row, reason, null) : sample.add(rejectedEntry(row, reason, record, context)),
        );
    },
  };
  await readLabelFile(
    inPieces(bytesSource(content.path, bytes), bytes, () => flush(CHUNK_ROWS)),
    sink,
    settings,
  );
  await flush(1);
}

function inPieces(source: LabelSource, bytes: Uint8Array, between: () => Promise<void>): LabelSource {
  return {
    ...source,
    async *open() {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        await between();
        yield bytes.subarray(at, at + PIECE_BYTES);
      }
    },
  };
}
