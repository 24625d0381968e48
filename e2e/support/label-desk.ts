import { createHash } from 'node:crypto';
import { isRetriable } from '@assay/shared/errors/pipeline-error';
import { readBatch } from '@assay/tools/start/demo/batch-csv';
import type { SystemBed } from './system-bed.ts';
import { until } from './until.ts';

/** One row of a label file, as a person or a tool writes it. */
export interface WrittenRow {
  readonly docId: string;
  readonly annotator: string;
  readonly label: string;
  readonly confidence: string;
  readonly op?: 'vote' | 'withdraw';
  /** The annotation's id in its tool; a row without one comes from a plain file. */
  readonly toolId?: string;
}

/** A row and where it stands. */
export interface PlacedRow extends WrittenRow {
  readonly path: string;
  readonly row: number;
}

const ROWS_TO_REPLACE = 3;

const FOLDER = '2026/11/21';
const HEADER = 'doc_id,annotator_id,label,confidence_score,op,tool,annotation_id';

/** Whoever labels: reads the batches that went out, drops label files, and remembers every row it ever wrote. */
export class LabelDesk {
  /** What stands in the files now. */
  rows: readonly PlacedRow[] = [];
  /** By path, the digest of what lies there now. */
  readonly contents = new Map<string, string>();
  files = 0;
  replaced = 0;
  readonly #bed: Pick<SystemBed, 'blobs' | 'putLabelFile'>;
  readonly #read = new Set<string>();

  constructor(bed: Pick<SystemBed, 'blobs' | 'putLabelFile'>) {
    this.#bed = bed;
  }

  /** Drops one file; its name comes after those of all files before it. */
  async write(rows: readonly WrittenRow[]): Promise<void> {
    if (rows.length === 0) return;
    const path = `${FOLDER}/${String(this.files++).padStart(6, '0')}.csv`;
    const text = textOf(rows);
    await patiently(path, () => this.#bed.putLabelFile(path, text));
    this.#stands(path, text, rows);
  }

  /**
   * Replaces one of the files in place by a corrected one: its first row is gone, so that all others move up, and the last says
   * another label. Each time it is another file, from the first on.
   */
  async replace(): Promise<void> {
    const path = [...new Set(this.rows.map((row) => row.path))][this.replaced];
    const before = this.rows.filter((row) => row.path === path);
    if (path === undefined || before.length < ROWS_TO_REPLACE) return;
    const last = before.at(-1)!;
    const corrected = [...before.slice(1, -1), { ...last, label: last.label === 'billing' ? 'refund' : 'billing' }];
    const text = textOf(corrected);
    await patiently(path, () => this.#bed.blobs.labeled.replace(path, Buffer.from(text), {}));
    this.#stands(path, text, corrected);
    this.replaced++;
  }

  #stands(path: string, text: string, rows: readonly WrittenRow[]): void {
    this.contents.set(path, createHash('sha256').update(text).digest('hex'));
    const placed = rows.map((row, index) => ({ ...row, path, row: index + 1 }));
    this.rows = [...this.rows.filter((row) => row.path !== path), ...placed];
  }

  /** The documents of every batch that has gone out since the last look, each batch once. */
  async newBatches(): Promise<readonly (readonly string[])[]> {
    const { outgoing } = this.#bed.blobs;
    const names = await patiently('the list of batches', async () => {
      const found: string[] = [];
      for await (const { name } of outgoing.list('')) if (name.endsWith('.csv')) found.push(name);
      return found;
    });
    const batches: string[][] = [];
    for (const name of names.filter((one) => !this.#read.has(one))) {
      const content = await patiently(name, () => outgoing.read(name));
      this.#read.add(name);
      batches.push(readBatch(Buffer.from(content!).toString()).map(({ docId }) => docId));
    }
    return batches;
  }
}

const textOf = (rows: readonly WrittenRow[]): string => {
  const lines = rows.map(({ docId, annotator, label, confidence, op = 'vote', toolId }) =>
    [docId, annotator, label, confidence, op, toolId === undefined ? '' : 'desk', toolId ?? ''].join(','),
  );
  return [HEADER, ...lines, ''].join('\n');
};

/** A busy blob store is not what these tests are about. A file that is written twice is the same file. */
async function patiently<T>(what: string, ask: () => Promise<T>): Promise<T> {
  const { answer } = await until(`the blob store to answer for ${what}`, async () => {
    try {
      return { answer: await ask() };
    } catch (error) {
      if (isRetriable(error)) return null;
      throw error;
    }
  });
  return answer;
}
