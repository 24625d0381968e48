import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileWriter } from '../bytes/file-writer.ts';

export const resultNames = [
  'clean_training_dataset.jsonl',
  'disagreements.jsonl',
  'disagreements.log',
  'low_confidence.jsonl',
  'rejected.jsonl',
  'report.json',
  'report.html',
] as const;

/** Only where documents wait for more annotators; an old one is removed. */
export const PENDING_NAME = 'pending.jsonl';

export type ResultName = (typeof resultNames)[number] | typeof PENDING_NAME;

const UNFINISHED_PREFIX = '.assay-validate-';

/** The results of one run: written beside their place and renamed when all are complete, so DIR never holds a mixture of
 * two runs or half a file. */
export class ResultFiles {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #writers = new Map<ResultName, FileWriter>();

  /** `process`: the id of this process; what a killed run left behind is swept. */
  constructor(folder: string, process: { readonly id: number; isAlive(id: number): boolean }) {
    this.#folder = folder;
    this.#unfinished = join(folder, `${UNFINISHED_PREFIX}${process.id}`);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const owner = name.startsWith(UNFINISHED_PREFIX) ? Number(name.slice(UNFINISHED_PREFIX.length)) : Number.NaN;
      if (owner === process.id || (Number.isInteger(owner) && !process.isAlive(owner))) {
        rmSync(join(folder, name), { recursive: true });
      }
    }
    mkdirSync(this.#unfinished);
  }

  /** A file that is needed during the run only. */
  scratchPath(name: string): string {
    return join(this.#unfinished, name);
  }

  writer(name: ResultName): FileWriter {
    const known = this.#writers.get(name);
    if (known !== undefined) return known;
    const writer = new FileWriter(join(this.#unfinished, name));
    this.#writers.set(name, writer);
    return writer;
  }

  /** Every result appears; those of an earlier run are replaced. */
  publish(): void {
    for (const name of resultNames) this.writer(name);
    for (const [name, writer] of this.#writers) {
      writer.close();
      renameSync(writer.path, join(this.#folder, name));
    }
    if (!this.#writers.has(PENDING_NAME)) rmSync(join(this.#folder, PENDING_NAME), { force: true });
    this.#writers.clear();
  }

  /** Removes what is not a result, whether the run succeeded or not. */
  cleanUp(): void {
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
    rmSync(this.#unfinished, { recursive: true, force: true });
  }
}
