import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readArguments } from '@assay/cli/read-arguments';
import type { Report } from '../report/report.ts';
import { options, validateOptions } from '../options.ts';
import { runValidation } from '../validate-run.ts';

export interface GoldLine {
  readonly doc_id: string;
  readonly text: string | null;
  readonly label?: unknown;
  readonly labels?: Record<string, unknown>;
  readonly confidence_score: number;
  readonly annotators: readonly string[];
}

export interface VotesLine {
  readonly doc_id: string;
  readonly text: string | null;
  readonly labels: readonly unknown[];
  readonly votes: readonly {
    readonly annotator_id: string | null;
    readonly label: unknown;
    readonly confidence_score: number;
    readonly row: string;
    readonly field?: string;
  }[];
}

export interface ValidatedFiles {
  readonly report: Report;
  readonly gold: readonly GoldLine[];
  readonly disagreements: readonly VotesLine[];
  readonly lowConfidence: readonly VotesLine[];
  readonly pending: readonly VotesLine[];
  readonly rejected: readonly { readonly row: string; readonly reason: string; readonly record: unknown }[];
  readonly log: string;
  readonly html: string;
  /** NameDictionary in the output folder. */
  readonly names: readonly string[];
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A folder that is gone when `use` is done. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-validate-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `assay validate` over the files, below one root. */
export async function validateFiles(files: Files, args: readonly string[] = []): Promise<ValidatedFiles> {
  return await inTemporaryFolder(async (folder) => {
    const input = join(folder, 'labeled');
    mkdirSync(input);
    writeFiles(input, files);
    return await validateFolder(input, join(folder, 'out'), args);
  });
}

export async function validateFolder(
  input: string,
  out: string,
  args: readonly string[] = [],
): Promise<ValidatedFiles> {
  const given = readArguments([input, '--out', out, ...args], {
    options,
    words: { least: 1, most: 1, are: 'a folder' },
  });
  const { report } = await runValidation(validateOptions(given), {
    process: { id: process.pid, isAlive: () => true },
    now: () => 0,
    tell: () => undefined,
  });
  const names = readdirSync(out).toSorted();
  const content = (name: string) => (names.includes(name) ? readFileSync(join(out, name), 'utf8') : '');
  const lines = <L>(name: string) =>
    content(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as L);
  return {
    report,
    gold: lines('clean_training_dataset.jsonl'),
    disagreements: lines('disagreements.jsonl'),
    lowConfidence: lines('low_confidence.jsonl'),
    pending: lines('pending.jsonl'),
    rejected: lines('rejected.jsonl'),
    log: content('disagreements.log'),
    html: content('report.html'),
    names,
  };
}
