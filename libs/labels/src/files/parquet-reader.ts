import zlib from 'node:zlib';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { matchColumns } from '../columns.ts';
import { instantText } from '../instant.ts';
import { limitsOf } from '../label-row.ts';
import type { SourceSettings } from '../label-row.ts';
import { MAX_GROUP_BYTES } from '../limits.ts';
import type { FileReason } from '../reasons.ts';
import type { LabelSink } from '../record-reader.ts';
import { ValueRows } from './value-row.ts';

/** A file that can be read anywhere: Parquet begins at its end. */
export interface RandomAccess {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

export interface ParquetOutcome {
  readonly rejection: FileReason | undefined;
  readonly rows: number;
  /** What the Parquet library said, for a person. */
  readonly detail?: string;
}

const MAGIC = 'PAR1';
const SMALLEST_FILE = 12;

/** Reads one row group after the other. hyparquet is loaded only when the first Parquet file turns up: a run over CSV
 * starts without it. */
export async function readParquet(
  file: RandomAccess,
  sink: LabelSink,
  settings: SourceSettings,
): Promise<ParquetOutcome> {
  if (!(await hasFooter(file))) return { rejection: 'parquet_no_footer', rows: 0 };
  const values = new ValueRows(sink, settings);
  const access = new WatchedAccess(file);
  try {
    const rejection = await readGroups(access, values, settings);
    return { rejection: rejection ?? values.rejection, rows: values.rows };
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    if (error instanceof TooLargeError) return { rejection: 'too_large', rows: values.rows, detail: error.message };
    return { rejection: 'parquet_unreadable', rows: values.rows, detail: String(error) };
  } finally {
    access.close();
  }
}

/** A failing disk or a failing sink: not the content's fault, so it must not look like a broken file. */
class OutsideError extends Error {}

/** The content's fault, and another one than a page that cannot be read. */
class TooLargeError extends Error {}

async function hasFooter(file: RandomAccess): Promise<boolean> {
  if (file.byteLength < SMALLEST_FILE) return false;
  const tail = await file.slice(file.byteLength - MAGIC.length, file.byteLength);
  return Buffer.from(tail).toString('latin1') === MAGIC;
}

/**
 * hyparquet begins to read columns, and where a later one makes no sense it fails without waiting for them. Nobody would hear
 * what they fail with, and the process would end. So bytes come a turn later than asked for, and never once it has failed.
 */
class WatchedAccess implements RandomAccess {
  readonly byteLength: number;
  readonly #file: RandomAccess;
  #isClosed = false;

  constructor(file: RandomAccess) {
    this.#file = file;
    this.byteLength = file.byteLength;
  }

  async slice(start: number, end?: number): Promise<ArrayBuffer> {
    const read = await this.#read(start, end);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#isClosed) return new Promise(() => {});
    if (read instanceof OutsideError) throw read;
    return read;
  }

  async #read(start: number, end?: number): Promise<ArrayBuffer | OutsideError> {
    try {
      return await this.#file.slice(start, end);
    } catch (error) {
      return new OutsideError('reading a Parquet file', { cause: error });
    }
  }

  close(): void {
    this.#isClosed = true;
  }
}

async function readGroups(
  file: RandomAccess,
  values: ValueRows,
  settings: SourceSettings,
): Promise<FileReason | undefined> {
  const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const metadata = await parquetMetadataAsync(file);
  const elements = parquetSchema(metadata).children.map(({ element }) => element);
  const matched = matchColumns(
    elements.map(({ name }) => name.trim()),
    { isConfidenceNeeded: settings.missingConfidence === 'reject' },
  );
  if (typeof matched === 'string') return matched;
  const limits = limitsOf(settings);
  if (metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0) > limits.rows) return 'too_many_rows';
  const exact = exactNumbers(elements);
  const cells = new CellBudget(limits.bytes);
  for (const { rowStart, rowEnd } of slicesOf(metadata)) {
    let rows: Record<string, unknown>[] = [];
    const onComplete = (group: Record<string, unknown>[]) => {
      rows = group;
    };
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      compressors: bounded({ ...compressors, ...native }),
      parsers,
      rowFormat: 'object',
      onComplete,
    });
    for (const row of rows) {
      cells.spend(row);
      hand(values, exact(row));
      if (values.rejection !== undefined) return values.rejection;
    }
  }
  return undefined;
}

function hand(values: ValueRows, row: Record<string, unknown>): void {
  try {
    values.take(row);
  } catch (error) {
    throw new OutsideError('taking a Parquet row', { cause: error });
  }
}

/** Rows that are objects at a time. The pages before and behind them are passed over, not decoded again. */
const SLICE_ROWS = 100_000;

/** Groups one after the other, large ones in slices. */
function* slicesOf(metadata: FileMetaData): Generator<{ rowStart: number; rowEnd: number }> {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += SLICE_ROWS) {
      yield { rowStart, rowEnd: Math.min(rowStart + SLICE_ROWS, groupEnd) };
    }
    groupStart = groupEnd;
  }
}

/** A dictionary holds a value once for any number of rows: what is read is many times what was unpacked. */
class CellBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  spend(row: Record<string, unknown>): void {
    for (const name in row) {
      const value = row[name];
      this.#left -= typeof value === 'string' ? value.length : 8;
    }
    if (this.#left < 0) throw new TooLargeError('its cells are more than the reader takes');
  }
}

type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** Never more than the page said, and never more of one slice than fits in memory. */
function bounded(compressors: Readonly<Record<string, Decompress>>): Record<string, Decompress> {
  let left = MAX_GROUP_BYTES;
  const boundedBy =
    (decompress: Decompress): Decompress =>
    (bytes, length) => {
      left -= length;
      if (left < 0) throw new TooLargeError(`a group is more than ${MAX_GROUP_BYTES / 1024 / 1024} MiB`);
      return decompress(bytes, length);
    };
  return Object.fromEntries(Object.entries(compressors).map(([codec, decompress]) => [codec, boundedBy(decompress)]));
}

// Node's own are in C: a tenth less CPU over a whole validation than the ones in JavaScript.
const native: Record<string, Decompress> = {
  GZIP: (bytes, length) => zlib.gunzipSync(bytes, { maxOutputLength: atMost(length) }),
  BROTLI: (bytes, length) => zlib.brotliDecompressSync(bytes, { maxOutputLength: atMost(length) }),
  // Node 20 has none.
  ...('zstdDecompressSync' in zlib
    ? {
        ZSTD: (bytes: Uint8Array, length: number) =>
          zlib.zstdDecompressSync(bytes, { maxOutputLength: atMost(length) }),
      }
    : {}),
};

/** A page says how long it is before it is unpacked; zlib takes no zero. */
const atMost = (length: number): number => Math.max(1, length);

// Dates of hyparquet stop at the millisecond; two votes can be closer than that.
const parsers = {
  timestampFromMilliseconds: (millis: bigint) => instantText(Number(millis) * 1000),
  timestampFromMicroseconds: (micros: bigint) => instantText(Number(micros)),
  timestampFromNanoseconds: (nanos: bigint) => instantText(Number(nanos / 1000n)),
};

/** Undoes what binary numbers did to decimals: a FLOAT column's 0.7 arrives as 0.699999988079071 and would fall below a
 * threshold of 0.7, a DECIMAL's 57 · 10⁻² as 0.5700000000000001. */
function exactNumbers(elements: readonly SchemaElement[]): (row: Record<string, unknown>) => Record<string, unknown> {
  const repairs = elements.flatMap(({ name, type, converted_type: kind, scale }) => {
    if (kind === 'DECIMAL') return [{ name, repair: (value: number) => Number(value.toFixed(scale ?? 0)) }];
    return type === 'FLOAT' ? [{ name, repair: shortestFloat }] : [];
  });
  return (row) => {
    for (const { name, repair } of repairs) {
      const value = row[name];
      if (typeof value === 'number' && Number.isFinite(value)) row[name] = repair(value);
    }
    return row;
  };
}

/** The shortest decimal that is the same 32-bit float. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return value;
}
