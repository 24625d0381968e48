import { UsageError } from '@assay/cli/verb';
import type { Arguments } from '@assay/cli/verb';
import { parseConfidenceControl } from '@assay/labels/confidence';
import { defaultRules } from '@assay/labels/decide';
import type { DecisionRules } from '@assay/labels/decide';
import type { ToolSettings } from '@assay/labels/formats/tool-settings';
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

export const usage = `usage: assay validate <folder or files> --out DIR [options]

Reads label files (CSV, JSON, JSONL, Parquet, exports of labeling tools; gzip and zstd of them), settles the votes of every document and
writes into DIR what may be trained on, what people disagree about, and why every other row did not count.
The rules, row by row: docs/label-rules.md

  --out DIR                  where the results go; not inside the input folder
  --threshold X              confidence that makes a vote count for gold (${defaultRules.threshold})
  --min-annotators N         live votes a field needs before it is decided (${defaultRules.minAnnotators})
  --min-confident-votes N    votes at or above the threshold that gold needs (${defaultRules.minConfidentVotes})
  --fields A,B               fields that must all be gold (those a document has votes for)
  --rules original           decide as the original Spark job did, for comparison
  --missing-confidence X     read a missing confidence as X; without it such rows are rejected
  --decimal-comma            read 0,95 as 0.95
  --confidence NAME[:MAX]    control of Label Studio or question of Argilla where annotators said how sure they are,
                             and its largest value
  --min-kappa X              exit 3 when agreement is below X, or cannot be told
  --max-rejected N           exit 3 when more rows are rejected: 100, 0.5% or 0.005; rejected files count as well
  --json                     print report.json, and nothing else, to stdout

exit status: 0 done, 2 bad usage or nothing to read, 3 a gate failed`;

/** Everything is optional here, so that each mistake gets a sentence of its own. */
export const options = {
  out: { type: 'string' },
  rules: { type: 'string' },
  threshold: { type: 'string' },
  'min-annotators': { type: 'string' },
  'min-confident-votes': { type: 'string' },
  fields: { type: 'list' },
  'missing-confidence': { type: 'string' },
  'decimal-comma': { type: 'boolean' },
  confidence: { type: 'string' },
  'min-kappa': { type: 'string' },
  'max-rejected': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export function validateOptions({ values, words }: Arguments<typeof options>): ValidateOptions {
  if (values.out === undefined || values.out === '')
    throw new UsageError('--out DIR is missing: where do the results go?');
  if (values.rules !== undefined && !['original', 'default'].includes(values.rules)) {
    throw new UsageError(`--rules is "original" or "default", not "${values.rules}"`);
  }
  const missing = values['missing-confidence'];
  return {
    inputs: words,
    out: values.out,
    isOriginal: values.rules === 'original',
    rules: {
      threshold: share('--threshold', values.threshold) ?? defaultRules.threshold,
      minAnnotators: count('--min-annotators', values['min-annotators']) ?? defaultRules.minAnnotators,
      minConfidentVotes:
        count('--min-confident-votes', values['min-confident-votes']) ?? defaultRules.minConfidentVotes,
      requiredFields: values.fields === undefined ? null : [...new Set(values.fields)].toSorted(),
    },
    settings: {
      hasDecimalComma: values['decimal-comma'],
      missingConfidence: missing === 'reject' ? 'reject' : (share('--missing-confidence', missing) ?? 'reject'),
      tools: toolSettings(values.confidence),
    },
    isJson: values.json,
    gates: { minKappa: kappa(values['min-kappa']), maxRejected: limit(values['max-rejected']) },
  };
}

function toolSettings(text: string | undefined): ToolSettings {
  if (text === undefined) return {};
  const confidence = parseConfidenceControl(text);
  if (confidence === undefined) throw new UsageError(`--confidence is NAME or NAME:MAX, not "${text}"`);
  return { confidence };
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
  if (value < 0 || (isShare && value > 1))
    throw new UsageError(`--max-rejected is a number of rows (100) or a share of them (0.5% or 0.005), not ${text}`);
  return isShare ? { share: value } : { rows: value };
}
