import { open, readFile, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { createModelFinder } from '../adapters/model-finder.ts';
import { NameFinderError } from '../adapters/name-finder-error.ts';
import { createMasker, type Masked, type MaskerOptions, type Operator } from '../masker.ts';
import { createRegistry, type Registry, type RegistryEntry } from '../registry.ts';
import { renderReport } from '../report/page.ts';
import { createReport } from '../report/report.ts';
import { createTwoPassMasker, type NameFinder } from '../second-pass.ts';

const summary = 'mask personal data in JSON lines: {"text":…} in, {"masked":…,"spans":[[start,end,"TYPE"],…]} out';

const usage = `usage: assay mask [options] < texts.jsonl > masked.jsonl

One JSON object with a "text" a line in, one {"masked":…,"spans":[[start,end,"TYPE"],…]} a line out, in the same order.
Offsets are UTF-16 code units of the input text, end exclusive. Empty lines are passed over. A line that is not such an
object, or that the deep pass fails on, gives {"error":…} in its place and a message with its number (never its
content); the exit code is then 1.

  --operator NAME    replace (default): <EMAIL_1>, equal values of one line share the number
                     redact: <EMAIL>
                     pseudonym: <EMAIL:key-id:…>, equal across lines and runs with the same key
  --key-file FILE    the pseudonym key, at least 16 bytes, read as it is
  --key-id ID        stands in every pseudonym (default: k1)
  --types A,B        mask only these, for example EMAIL_ADDRESS,PHONE_NUMBER
  --registry FILE    your own kinds, as JSON: [{"type":"EMPLOYEE","shape":"EMP-#{4,6}"},{"type":"PROJECT","terms":["Blue Whale"]}]
  --deep-model DIR   a second pass for names and addresses by a network of yours: a token classifier with config.json,
                     tokenizer.json and model.onnx in DIR. Thousands of times slower. It needs two packages more:
                     npm install --ignore-scripts onnxruntime-node @huggingface/tokenizers
  --report FILE      writes a page about the whole input besides: what was found by kind, examples as shapes (Aaaa 99), and up
                     to 50 lines most likely to hold what was missed. It holds no value; open it in a browser
  --help             this text`;

interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

const options = {
  operator: { type: 'string', default: 'replace' },
  'key-file': { type: 'string' },
  'key-id': { type: 'string', default: 'k1' },
  types: { type: 'list' },
  registry: { type: 'string' },
  'deep-model': { type: 'string' },
  report: { type: 'string' },
} as const;

/** What the command line makes of them. */
type Values = {
  readonly operator: string;
  readonly 'key-file': string | undefined;
  readonly 'key-id': string;
  readonly types: readonly string[] | undefined;
  readonly registry: string | undefined;
  readonly 'deep-model': string | undefined;
  readonly report: string | undefined;
};

interface Given {
  readonly values: Values;
  readonly words: readonly string[];
}

async function run({ values }: Given, io: Io): Promise<number> {
  let mask: Mask;
  let page: FileHandle | undefined;
  try {
    mask = await createMask(values);
    // Before the first line is read: whoever waits for an hour of masking wants to know now that it cannot be written.
    page = values.report === undefined ? undefined : await open(values.report, 'w');
  } catch (error) {
    // The command line knows bad usage by this name; a class of its own would be something to depend on.
    throw Object.assign(new Error(error instanceof Error ? error.message : String(error)), { name: 'UsageError' });
  }
  const report = createReport();
  const code = await maskLines(mask, io, (line, text, spans) => {
    if (page !== undefined) report.add(line, text, spans);
  });
  await page?.writeFile(renderReport(report.finish()));
  await page?.close();
  return code;
}

export const verb = { name: 'mask', summary, usage, options, run };

type Mask = (text: string) => Masked | Promise<Masked>;

async function createMask(values: Values): Promise<Mask> {
  const wanted = await readOptions(values);
  const first = createMasker(wanted);
  if (values['deep-model'] === undefined) return (text) => first.mask(text);
  const finder = ofTypes(await createModelFinder({ folder: values['deep-model'], timeoutMs: 60_000 }), values.types);
  const masker = createTwoPassMasker(first, { finder, onFailure: 'fail', operator: wanted.operator });
  return async (text) => (await masker.maskTogether([text])).masked[0] as Masked;
}

const ofTypes = (finder: NameFinder, types: readonly string[] | undefined): NameFinder => ({
  findNames: async (text) => (await finder.findNames(text)).filter(({ type }) => types?.includes(type) ?? true),
});

async function readOptions(values: Values): Promise<MaskerOptions & { readonly operator: Operator }> {
  const operator = await readOperator(values.operator, values['key-file'], values['key-id']);
  return {
    operator,
    ...(values.types !== undefined && { types: values.types }),
    ...(values.registry !== undefined && { registry: await readRegistry(values.registry) }),
  };
}

async function readRegistry(file: string): Promise<Registry> {
  const entries: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new Error(`${file} is not a list of {"type", "shape"} and {"type", "terms"}`);
  }
  return createRegistry(entries);
}

function isEntry(value: unknown): value is RegistryEntry {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return false;
  if ('shape' in value) return typeof value.shape === 'string';
  return 'terms' in value && Array.isArray(value.terms) && value.terms.every((term) => typeof term === 'string');
}

async function readOperator(name: string, keyFile: string | undefined, keyId: string): Promise<Operator> {
  if (name === 'replace' || name === 'redact') return name;
  if (name !== 'pseudonym') throw new Error(`there is no operator "${name}"`);
  if (keyFile === undefined) throw new Error('the operator pseudonym needs --key-file');
  return { pseudonym: { keyId, key: await readFile(keyFile) } };
}

type OnMasked = (line: number, text: string, spans: Masked['spans']) => void;

async function maskLines(mask: Mask, { stdin, stdout, stderr }: Io, onMasked: OnMasked): Promise<number> {
  let number = 0;
  let code = 0;
  for await (const line of createInterface({ input: stdin, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const answer = await maskLine(mask, line, number, onMasked);
    if ('error' in answer) {
      code = 1;
      stderr.write(`assay mask: ${answer.error}.\n`);
    }
    if (!stdout.write(`${JSON.stringify(answer)}\n`))
      await new Promise<void>((resolve) => stdout.once('drain', resolve));
  }
  return code;
}

type Answer =
  | { readonly masked: string; readonly spans: readonly (readonly [number, number, string])[] }
  | { readonly error: string };

/** The error names the line by its number, never by its content. */
async function maskLine(mask: Mask, line: string, number: number, onMasked: OnMasked): Promise<Answer> {
  const text = readText(line);
  if (text === undefined) return { error: `line ${number} is not a JSON object with a string "text"` };
  let masked: Masked;
  try {
    masked = await mask(text);
  } catch (error) {
    if (!(error instanceof NameFinderError)) throw error;
    return { error: `line ${number} went without the deep pass and is left out: ${error.message}` };
  }
  onMasked(number, text, masked.spans);
  return { masked: masked.text, spans: masked.spans.map(({ start, end, type }) => [start, end, type] as const) };
}

function readText(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('text' in value)) return undefined;
  return typeof value.text === 'string' ? value.text : undefined;
}
