import { parseArgs } from 'node:util';
import { defaultRules } from '@assay/labels/decide';
import type { DecisionRules } from '@assay/labels/decide';
import { defaultSettings } from '@assay/labels/label-row';
import type { SourceSettings } from '@assay/labels/label-row';

export interface ValidateOptions {
  readonly inputs: readonly string[];
  readonly out: string;
  readonly isOriginal: boolean;
  readonly rules: DecisionRules;
  readonly settings: SourceSettings;
  readonly isJson: boolean;
  readonly gates: Gates;
}

export interface Gates {
  /** The smallest agreement that passes; null for no gate. */
  readonly minKappa: number | null;
  /** How many rows may be rejected: a number of rows, or a share of all. */
  readonly maxRejected: { readonly rows: number } | { readonly share: number } | null;
}

/** The command line was wrong; the message says how. */
export class UsageError extends Error {}

export const usage = `usage: assay validate <folder or files> --out DIR [options]

Reads label files (CSV, JSON, JSONL, Parquet; gzip and zstd of them), settles the votes of every document and
writes into DIR what may be trained on, what people disagree about, and why every other row did not count.

  --out DIR                  where the results go; not inside the input folder
  --threshold X              confidence that makes a vote count for gold (${defaultRules.threshold})
  --min-annotators N         live votes a field needs before it is decided (${defaultRules.minAnnotators})
  --min-confident-votes N    votes at or above the threshold that gold needs (${defaultRules.minConfidentVotes})
  --fields A,B               fields that must all be gold (those a document has votes for)
  --rules original           decide as the original Spark job did, for comparison
  --missing-confidence X     read a missing confidence as X; without it such rows are rejected
  --decimal-comma            read 0,95 as 0.95
  --min-kappa X              exit 3 when agreement is below X, or cannot be told
  --max-rejected N           exit 3 when more rows are rejected: 100, 0.5% or 0.005; rejected files count as well
  --json                     print report.json, and nothing else, to stdout

exit status: 0 done, 2 bad usage or nothing to read, 3 a gate failed`;

export function parseOptions(args: readonly string[]): ValidateOptions {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) throw new UsageError('name a folder or files to read');
  if (values.out === undefined || values.out === '') throw new UsageError('--out DIR is missing');
  if (values.rules !== undefined && !['original', 'default'].includes(values.rules)) {
    throw new UsageError(`--rules is "original" or "default", not "${values.rules}"`);
  }
  const missing = values['missing-confidence'];
  return {
    inputs: positionals,
    out: values.out,
    isOriginal: values.rules === 'original',
    rules: {
      threshold: share('--threshold', values.threshold) ?? defaultRules.threshold,
      minAnnotators: count('--min-annotators', values['min-annotators']) ?? defaultRules.minAnnotators,
      minConfidentVotes:
        count('--min-confident-votes', values['min-confident-votes']) ?? defaultRules.minConfidentVotes,
      requiredFields: fieldList(values.fields),
    },
    settings: {
      hasDecimalComma: values['decimal-comma'] ?? defaultSettings.hasDecimalComma,
      missingConfidence: missing === 'reject' ? 'reject' : (share('--missing-confidence', missing) ?? 'reject'),
    },
    isJson: values.json ?? false,
    gates: { minKappa: kappa(values['min-kappa']), maxRejected: limit(values['max-rejected']) },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: withNegativeValues(args),
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        rules: { type: 'string' },
        threshold: { type: 'string' },
        'min-annotators': { type: 'string' },
        'min-confident-votes': { type: 'string' },
        fields: { type: 'string' },
        'missing-confidence': { type: 'string' },
        'decimal-comma': { type: 'boolean' },
        'min-kappa': { type: 'string' },
        'max-rejected': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** node:util takes `--min-kappa -0.5` for two options; people do not. */
function withNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (last?.startsWith('--') === true && !last.includes('=') && /^-[.\d]/.test(arg)) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else joined.push(arg);
  }
  return joined;
}

const DECIMAL = /^-?(\d+(\.\d*)?|\.\d+)$/;

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!DECIMAL.test(text)) throw new UsageError(`${name} is a number, not "${text}"`);
  return Number(text);
}

function share(name: string, text: string | undefined): number | undefined {
  const value = number(name, text);
  if (value !== undefined && !(value >= 0 && value <= 1)) throw new UsageError(`${name} lies in [0, 1], not ${text}`);
  return value;
}

function count(name: string, text: string | undefined): number | undefined {
  const value = number(name, text);
  if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
    throw new UsageError(`${name} is a whole number from 1, not ${text}`);
  }
  return value;
}

function kappa(text: string | undefined): number | null {
  const value = number('--min-kappa', text) ?? null;
  if (value !== null && !(value >= -1 && value <= 1)) throw new UsageError(`--min-kappa lies in [-1, 1], not ${text}`);
  return value;
}

/** `100` is a number of rows; `0.5%` and `0.005` are shares. `1` is one row, `1.0` everything. */
function limit(text: string | undefined): Gates['maxRejected'] {
  if (text === undefined) return null;
  const percent = text.endsWith('%') ? number('--max-rejected', text.slice(0, -1)) : undefined;
  const value = percent === undefined ? number('--max-rejected', text) : percent / 100;
  if (value === undefined) return null;
  const isShare = percent !== undefined || text.includes('.');
  if (value < 0 || (isShare && value > 1)) throw new UsageError(`--max-rejected cannot be ${text}`);
  return isShare ? { share: value } : { rows: value };
}

function fieldList(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const fields = text.split(',').map((field) => field.trim());
  if (fields.includes('')) throw new UsageError('--fields is a list of names: label,urgency');
  return [...new Set(fields)].toSorted();
}
