import type { TokenClassifier } from './batches.ts';
import type { ModelFolder } from './model-folder.ts';
import { NameFinderError } from './name-finder-error.ts';

/** The part of onnxruntime-node that is used; it is no dependency, so its types are not there either. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(path: string, options: { readonly intraOpNumThreads: number }): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, OnnxOutput>>>;
}

interface OnnxOutput {
  readonly data: unknown;
  readonly dims: readonly number[];
}

const knownInputs = ['input_ids', 'attention_mask', 'token_type_ids'];

/** The folder's network as a classifier, on one thread. */
export async function createOnnxClassifier(runtime: OnnxRuntime, model: ModelFolder): Promise<TokenClassifier> {
  const session = await runtime.InferenceSession.create(model.network, { intraOpNumThreads: 1 });
  const strange = session.inputNames.find((name) => !knownInputs.includes(name));
  if (strange !== undefined) throw new Error(`${model.network} wants an input "${strange}", which is not known here`);
  const output = session.outputNames.includes('logits') ? 'logits' : session.outputNames[0];
  return {
    classify: async (batch) => {
      const longest = Math.max(...batch.map((ids) => ids.length));
      const dims = [batch.length, longest];
      const tensor = (valueAt: (row: readonly number[], i: number) => number): object =>
        new runtime.Tensor('int64', fill(batch, longest, valueAt), dims);
      const all: Readonly<Record<string, object>> = {
        input_ids: tensor((row, i) => row[i] ?? model.padding),
        attention_mask: tensor((row, i) => (i < row.length ? 1 : 0)),
        token_type_ids: tensor(() => 0),
      };
      const feeds = Object.fromEntries(session.inputNames.map((name) => [name, all[name] as object]));
      const scores = (await session.run(feeds))[output ?? 'logits'];
      return cut(scores, batch, longest, model);
    },
  };
}

function fill(
  batch: readonly (readonly number[])[],
  longest: number,
  valueAt: (row: readonly number[], i: number) => number,
): BigInt64Array {
  const values = new BigInt64Array(batch.length * longest);
  batch.forEach((row, r) => {
    for (let i = 0; i < longest; i++) values[r * longest + i] = BigInt(valueAt(row, i));
  });
  return values;
}

function cut(
  scores: OnnxOutput | undefined,
  batch: readonly (readonly number[])[],
  longest: number,
  { labels, network }: ModelFolder,
): Float32Array[] {
  const wanted = [batch.length, longest, labels.length].join(' × ');
  if (!(scores?.data instanceof Float32Array) || scores.dims.join(' × ') !== wanted)
    throw new NameFinderError(
      `${network} did not answer ${wanted} numbers: it is no token classifier with config.json's labels`,
    );
  const { data } = scores;
  return batch.map((row, r) => {
    const from = r * longest * labels.length;
    return data.slice(from, from + row.length * labels.length);
  });
}
