import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import type { Terminal, Values } from '@assay/cli/verb';
import { parseConfidenceControl } from '../confidence.ts';
import { convertLabels } from '../formats/convert-labels.ts';
import type { Conversion } from '../formats/convert-labels.ts';
import { detectFormat } from '../formats/detect-format.ts';
import { findFormat, labelFormats } from '../formats/format-registry.ts';
import type { LabelFormat, ReadSettings, WriteSettings } from '../formats/label-format.ts';
import { UnreadableContent } from '../formats/unreadable-content.ts';
import { parseManifest } from '../formats/row-manifest.ts';
import { readFileText } from '../label-file.ts';
import { bytesSource } from '../label-source.ts';
import { fileReasonMeaning } from '../reasons.ts';
import { summaryOf } from './conversion-summary.ts';

const summary = 'convert labels from one tool or format to another, with a report of what is lost';

const formatList = labelFormats.map(({ name, summary: about }) => `  ${name.padEnd(18)} ${about}`).join('\n');

const usage = `usage: assay convert --to FORMAT [--from FORMAT] [options]

  --from FORMAT            what comes in; found out where only one format fits
  --to FORMAT              what goes out
  --in FILE|-              default: standard input; gzip, zstd, UTF-8 and UTF-16 are read
  --out FILE|-             default: standard output
  --manifests FILE ...     for Azure ML exports: what was sent to the service, in the order of the dataset; manifests
                           (JSON) or the outgoing CSV files themselves, which also bring the texts back
  --first-row 0|1          the number of the first row in Azure ML's exports, where no text in them tells
  --loss FILE              the loss report as JSON
  --fields A,B             columns that are answers (Label Studio CSV and JSON_MIN; default: the label column)
  --confidence NAME[:MAX]  control or question where annotators said how sure they are, and its largest value
  --confidence-control N   write the confidence into this control or question of the project
  --ground-truth WHICH     reference (default) or vote: what Label Studio's ground truth annotations are
  --annotator NAME         who labelled, where the format does not say (doccano)
  --no-aside               leave out what the target has no place for, instead of keeping it where the tool ignores it
  --help                   this text

formats:
${formatList}

Exit codes: 0 done (losses are no error) · 1 the input is unusable · 2 bad usage.`;

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  in: { type: 'string', default: '-' },
  out: { type: 'string', default: '-' },
  manifests: { type: 'words' },
  loss: { type: 'string' },
  fields: { type: 'list' },
  confidence: { type: 'string' },
  'confidence-control': { type: 'string' },
  'ground-truth': { type: 'string' },
  annotator: { type: 'string' },
  'first-row': { type: 'string' },
  'no-aside': { type: 'boolean' },
} as const;

async function run({ values }: { values: Values<typeof options> }, io: Terminal): Promise<number> {
  const wanted = wantedOf(values);
  try {
    const source = await readText(wanted.in, io.stdin);
    const converted = await convert(source, wanted);
    await writeOutput(wanted.out, converted.content, io.stdout);
    const names = { from: converted.from.name, to: wanted.to.name };
    if (wanted.loss !== undefined) await writeWhole(wanted.loss, lossReport(converted, names));
    io.stderr.write(summaryOf(converted, names, source.note));
    return exitCodes.done;
  } catch (error) {
    return failed(error, io.stderr);
  }
}

export const verb = defineVerb({ name: 'convert', summary, usage, options, run });

function failed(error: unknown, stderr: Writable): number {
  // A file that is not there or not readable is an unusable input as well; anything else is a bug and stays loud.
  const isInput = error instanceof UnreadableContent || (error instanceof Error && 'syscall' in error);
  if (!isInput) throw error;
  stderr.write(`assay convert: ${error.message}\n`);
  return exitCodes.failed;
}

interface Wanted {
  readonly from: LabelFormat | undefined;
  readonly to: LabelFormat;
  readonly in: string;
  readonly out: string;
  readonly loss: string | undefined;
  readonly manifests: readonly string[];
  readonly settings: Omit<ReadSettings, 'path' | 'manifests'> & WriteSettings;
}

function wantedOf(values: Values<typeof options>): Wanted {
  if (values.to === undefined) throw new UsageError('--to is missing');
  const groundTruth = values['ground-truth'];
  if (groundTruth !== undefined && groundTruth !== 'reference' && groundTruth !== 'vote') {
    throw new UsageError(`--ground-truth is reference or vote, not "${groundTruth}"`);
  }
  return {
    from: values.from === undefined ? undefined : formatNamed(values.from),
    to: formatNamed(values.to),
    in: values.in,
    out: values.out,
    loss: values.loss,
    manifests: values.manifests ?? [],
    settings: {
      isAsideKept: !values['no-aside'],
      ...(groundTruth === undefined ? {} : { groundTruth }),
      ...(values.fields === undefined ? {} : { fields: values.fields }),
      ...(values['first-row'] === undefined ? {} : { firstRow: firstRowOf(values['first-row']) }),
      ...(values.annotator === undefined ? {} : { annotator: values.annotator }),
      ...(values.confidence === undefined ? {} : { confidence: confidenceOf(values.confidence) }),
      ...(values['confidence-control'] === undefined ? {} : { confidenceControl: values['confidence-control'] }),
    },
  };
}

function firstRowOf(option: string): 0 | 1 {
  if (option !== '0' && option !== '1') throw new UsageError(`--first-row is 0 or 1, not "${option}"`);
  return option === '0' ? 0 : 1;
}

function formatNamed(name: string): LabelFormat {
  const format = findFormat(name);
  if (format === undefined) throw new UsageError(`there is no format "${name}"`);
  return format;
}

function confidenceOf(option: string): { name: string; scale: number } {
  const control = parseConfidenceControl(option);
  if (control === undefined) throw new UsageError(`--confidence is NAME or NAME:MAX, not "${option}"`);
  return control;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly note: string | null;
}

async function readText(path: string, stdin: Readable): Promise<Source> {
  const isStdin = path === '-';
  return textOf(isStdin ? 'stdin' : path, isStdin ? await buffer(stdin) : await readFile(path));
}

async function textOf(path: string, bytes: Uint8Array): Promise<Source> {
  const content = await readFileText(bytesSource(path, bytes));
  if (!('kind' in content)) {
    return { path, text: content.text, note: content.isWindows1252 ? 'not UTF-8: read as windows-1252' : null };
  }
  const { reason, detail } = content;
  throw new UnreadableContent(reason, `${path}: ${reason}: ${detail ?? fileReasonMeaning(reason)}`);
}

async function convert(source: Source, wanted: Wanted): Promise<Conversion & { from: LabelFormat }> {
  const from = wanted.from ?? findFormat(detectFormat(source.text, source.path) ?? '');
  if (from === undefined) throw new UsageError(`${source.path}: the format is not certain; say it with --from`);
  const files = await Promise.all(wanted.manifests.map(async (path) => textOf(path, await readFile(path))));
  const manifests = files.map(({ path, text }) => parseManifest(text, path));
  const settings = { ...wanted.settings, path: source.path, ...(manifests.length === 0 ? {} : { manifests }) };
  return { ...convertLabels(source.text, from, wanted.to, settings), from };
}

function lossReport(conversion: Conversion, names: { from: string; to: string }): string {
  const { read, references, written, notVotes, losses } = conversion;
  return `${JSON.stringify({ ...names, read, references, written, notVotes, losses }, null, 1)}\n`;
}

async function writeOutput(path: string, content: string, stdout: Writable): Promise<void> {
  if (path !== '-') return writeWhole(path, content);
  if (!stdout.write(content)) await new Promise<void>((resolve) => stdout.once('drain', resolve));
}

/** Whole or not at all: a reader never sees half a file. */
async function writeWhole(path: string, content: string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
