import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { readLabelFile } from '@assay/labels/label-file';
import type { SourceSettings } from '@assay/labels/label-row';
import type { LabelSource } from '@assay/labels/label-source';
import type { RowCollector } from '../rows/row-collector.ts';
import type { FoundFile } from './find-label-files.ts';

/** Reads every file into the collector, in order. A file that is broken or cannot be opened is noted there; it never stops
 * the run. */
export async function readLabelFiles(
  files: readonly FoundFile[],
  parts: { collector: RowCollector; opener: FileOpener; settings: SourceSettings },
): Promise<void> {
  const { collector, opener, settings } = parts;
  for (const file of files) {
    collector.startFile(file.path);
    const opened = opener.open(file);
    if ('problem' in opened) {
      collector.finish({ kind: 'rejected', reason: 'undecodable', rows: 0, detail: opened.problem });
      continue;
    }
    try {
      collector.finish(await readLabelFile(opened.source, collector, settings));
    } finally {
      opened.close();
    }
  }
}

const PIECE_BYTES = 2 * 1024 * 1024;

/** One buffer for the whole run: most label files fit into it and are read without a copy. Synchronous, because the files
 * are read one after the other and a promise per piece costs more than the page cache takes to answer. */
export class FileOpener {
  readonly #buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  readonly #onRead: (bytes: number) => void;

  /** `onRead` hears of every piece, for progress. */
  constructor(onRead: (bytes: number) => void) {
    this.#onRead = onRead;
  }

  /** The file as a source, or why it cannot be opened. */
  open(file: FoundFile): OpenedFile | { readonly problem: string } {
    try {
      return this.#open(file);
    } catch (error) {
      if (!isAccessError(error)) throw error;
      return { problem: error.message };
    }
  }

  #open({ path, location }: FoundFile): OpenedFile | { readonly problem: string } {
    // A pipe without a writer would block for ever.
    const handle = openSync(location, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(handle);
    if (!stats.isFile()) {
      closeSync(handle);
      return { problem: `${path} is no regular file` };
    }
    const source: LabelSource = {
      path,
      byteLength: stats.size,
      open: () => this.#pieces(handle),
      slice: (start, end = stats.size) => readSlice(handle, start, end),
    };
    return { source, close: () => closeSync(handle) };
  }

  *#pieces(handle: number): Generator<Uint8Array> {
    for (let at = 0; ;) {
      const read = readSync(handle, this.#buffer, 0, PIECE_BYTES, at);
      if (read === 0) return;
      at += read;
      this.#onRead(read);
      yield this.#buffer.subarray(0, read);
    }
  }
}

export interface OpenedFile {
  readonly source: LabelSource;
  close(): void;
}

const ACCESS_ERRORS: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EPERM',
  'ENOENT',
  'ELOOP',
  'ENXIO',
  'EISDIR',
]);

/** The file's own trouble; anything else (a failing disk, no more handles) stops the run. */
function isAccessError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && ACCESS_ERRORS.has(String(error.code));
}

function readSlice(handle: number, start: number, end: number): ArrayBuffer {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let read = 0;
  while (read < bytes.length) {
    const more = readSync(handle, bytes, read, bytes.length - read, start + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.buffer.slice(0, read);
}
