import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the deep pass takes from a model's folder, as Hugging Face lays it out. */
export interface ModelFolder {
  /** `labels[i]` is what the i-th score of a token stands for. */
  readonly labels: readonly string[];
  /** How many tokens it reads at most, with those that frame a text. */
  readonly longest: number;
  readonly padding: number;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  /** The path of the ONNX file. */
  readonly network: string;
}

type Fault = string;

/** Reads the folder, or names the folder and all that is wrong with it. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Error(`there is no model folder ${folder}`);
  const faults: Fault[] = [];
  const config = await readObject(folder, 'config.json', faults);
  const tokenizer = await readObject(folder, 'tokenizer.json', faults);
  const tokenizerConfig = await readObject(folder, 'tokenizer_config.json', []);
  const labels = labelsOf(config);
  if (config !== undefined && labels === undefined) faults.push('config.json has no id2label from 0 on without a gap');
  const form = tokenizer === undefined ? undefined : fieldOf(fieldOf(tokenizer, 'model'), 'type');
  if (tokenizer !== undefined && form !== 'WordPiece' && form !== 'BPE')
    faults.push('tokenizer.json is neither WordPiece nor BPE, which are those that can be read here');
  const network = await findNetwork(folder, faults);
  if (faults.length > 0 || tokenizer === undefined || labels === undefined || network === undefined)
    throw new Error(`the model folder ${folder} cannot be used: ${faults.join('; ')}`);
  return {
    labels,
    longest: numberOf(config, 'max_position_embeddings') ?? 512,
    padding: numberOf(config, 'pad_token_id') ?? 0,
    tokenizer,
    tokenizerConfig: tokenizerConfig ?? {},
    network,
  };
}

async function readObject(folder: string, name: string, faults: Fault[]): Promise<object | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, name), 'utf8');
  } catch {
    faults.push(`${name} is missing`);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The same fault as a value that is no object.
  }
  faults.push(`${name} is not a JSON object`);
  return undefined;
}

/** `model.onnx`, here or in `onnx/`; else the only ONNX file in either: quantised ones carry other names. */
async function findNetwork(folder: string, faults: Fault[]): Promise<string | undefined> {
  const found: string[] = [];
  for (const place of ['', 'onnx']) {
    const names = await readdir(join(folder, place)).catch(() => []);
    found.push(...names.filter((name) => name.endsWith('.onnx')).map((name) => join(place, name)));
  }
  const named = found.find((path) => path === 'model.onnx' || path === join('onnx', 'model.onnx'));
  const [only, another] = found;
  if (named === undefined && only === undefined) faults.push('model.onnx is missing');
  else if (named === undefined && another !== undefined)
    faults.push(`none of ${found.join(', ')} is named model.onnx, which would tell the one that is meant`);
  else return join(folder, named ?? (only as string));
  return undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

function numberOf(value: unknown, name: string): number | undefined {
  const field = fieldOf(value, name);
  return Number.isInteger(field) ? (field as number) : undefined;
}

function labelsOf(config: unknown): readonly string[] | undefined {
  const names = fieldOf(config, 'id2label');
  if (typeof names !== 'object' || names === null) return undefined;
  const labels = Object.keys(names).map((_, i): unknown => fieldOf(names, String(i)));
  return labels.length > 0 && labels.every((label) => typeof label === 'string') ? labels : undefined;
}
