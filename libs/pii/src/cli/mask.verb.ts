import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { createMasker, type Masked, type Masker, type MaskerOptions, type Operator } from '../masker.ts';
import { createRegistry, type Registry, type RegistryEntry } from '../registry.ts';

const summary = 'mask personal data in JSON lines: {"text":…} in, {"masked":…,"spans":[[start,end,"TYPE"],…]} out';

const usage = `usage: assay mask [options] < texts.jsonl > masked.jsonl

One JSON object with a "text" a line in, one {"masked":…,"spans":[[start,end,"TYPE"],…]} a line out, in the same order.
Offsets are UTF-16 code units of the input text, end exclusive. Empty lines are passed over. A line that is not such an
object gives {"error":…} in its place and a message with its number (never its content); the exit code is then 1.

  --operator NAME    replace (default): <EMAIL_1>, equal values of one line share the number
                     redact: <EMAIL>
                     pseudonym: <EMAIL:key-id:…>, equal across lines and runs with the same key
  --key-file FILE    the pseudonym key, at least 16 bytes, read as it is
  --key-id ID        stands in every pseudonym (default: k1)
  --types A,B        mask only these, for example EMAIL_ADDRESS,PHONE_NUMBER
  --registry FILE    your own kinds, as JSON: [{"type":"EMPLOYEE","shape":"EMP-#{4,6}"},{"type":"PROJECT","terms":["Blue Whale"]}]
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
} as const;

/** What the command line makes of them. */
type Values = {
  readonly operator: string;
  readonly 'key-file': string | undefined;
  readonly 'key-id': string;
  readonly types: readonly string[] | undefined;
  readonly registry: string | undefined;
};

interface Given {
  readonly values: Values;
  readonly words: readonly string[];
}

async function run({ values }: Given, io: Io): Promise<number> {
  let masker: Masker;
  try {
    masker = createMasker(await readOptions(values));
  } catch (error) {
    // The command line knows bad usage by this name; a class of its own would be something to depend on.
    throw Object.assign(new Error(error instanceof Error ? error.message : String(error)), { name: 'UsageError' });
  }
  return maskLines(masker, io);
}

export const verb = { name: 'mask', summary, usage, options, run };

async function readOptions(values: Values): Promise<MaskerOptions> {
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

async function maskLines(masker: Masker, { stdin, stdout, stderr }: Io): Promise<number> {
  let number = 0;
  let code = 0;
  for await (const line of createInterface({ input: stdin, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const text = readText(line);
    if (text === undefined) {
      code = 1;
      stderr.write(`assay mask: line ${number} is not a JSON object with a string "text".\n`);
    }
    const out =
      text === undefined
        ? { error: `line ${number} is not a JSON object with a string "text"` }
        : shape(masker.mask(text));
    if (!stdout.write(`${JSON.stringify(out)}\n`)) await new Promise<void>((resolve) => stdout.once('drain', resolve));
  }
  return code;
}

const shape = ({ text, spans }: Masked) => ({
  masked: text,
  spans: spans.map(({ start, end, type }) => [start, end, type]),
});

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
