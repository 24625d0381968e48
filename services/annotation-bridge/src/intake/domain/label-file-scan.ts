import { readLabelFile, type FileOutcome } from '@assay/labels/label-file';
import { defaultSettings } from '@assay/labels/label-row';
import { bytesSource, type LabelSource } from '@assay/labels/label-source';
import { labelEntry, rejectedEntry, type LabelEntry, type LabelFileName } from './label-entry.ts';

/**
 * A label file is read more than once, because nothing of it counts before all of it is known to be good: a quote that is
 * never closed rejects the whole file, and a byte that is no UTF-8 makes every row before it read differently. The first
 * pass makes no objects; the passes after it hand rows on in chunks, so memory does not grow with the rows.
 */
export interface JudgedFile {
  readonly name: LabelFileName;
  readonly bytes: Uint8Array;
  readonly outcome: FileOutcome;
  /** How many attempts the reader made; only the last one counts. */
  readonly attempts: number;
}

export async function judgeFile(name: LabelFileName, bytes: Uint8Array): Promise<JudgedFile> {
  let attempts = 0;
  const outcome = await readLabelFile(
    bytesSource(name.path, bytes),
    { begin: () => void attempts++, accept: () => {}, reject: () => {} },
    defaultSettings,
  );
  return { name, bytes, outcome, attempts };
}

/** Rows of one chunk, and those of the piece that filled it. Parquet is read in one go and is one chunk. */
const CHUNK_ROWS = 500;
/** Small, because the decompressor takes 16 of them before anybody sees a row. */
const PIECE_BYTES = 16 * 1024;

/** Every row of a good file in order, chunk after chunk; the next is not read before `handle` is done with this one. */
export async function forEachChunk(
  { name, bytes, attempts }: JudgedFile,
  handle: (entries: readonly LabelEntry[]) => Promise<void>,
): Promise<void> {
  let attempt = 0;
  let entries: LabelEntry[] = [];
  async function flush(atLeast: number): Promise<void> {
    if (entries.length < atLeast) return;
    const chunk = entries;
    entries = [];
    await handle(chunk);
  }
  const sink = {
    begin: () => void attempt++,
    accept: (...[row, record]: Parameters<Parameters<typeof readLabelFile>[1]['accept']>) => {
      if (attempt === attempts) entries.push(labelEntry(row, record, name));
    },
    reject: (...rejection: Parameters<typeof rejectedEntry>) => {
      if (attempt === attempts) entries.push(rejectedEntry(...rejection));
    },
  };
  await readLabelFile(
    inPieces(bytesSource(name.path, bytes), bytes, () => flush(CHUNK_ROWS)),
    sink,
    defaultSettings,
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
