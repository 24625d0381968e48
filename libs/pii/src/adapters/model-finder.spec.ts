import { rm } from 'node:fs/promises';
import * as tokenizers from '@huggingface/tokenizers';
import { afterEach, describe, expect, it } from 'vitest';
import { createMasker } from '../masker.ts';
import { createTwoPassMasker, type NameFinder } from '../second-pass.ts';
import { wordPieceOf, writeModelFolder } from '../testing/model-folder.ts';
import { createModelFinder } from './model-finder.ts';
import { NameFinderError } from './name-finder-error.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

const labels = ['O', 'B-GIVEN_NAME', 'B-SURNAME', 'B-EMAIL'];
/** What the network below says of each token of the vocabulary. */
const vocabulary = { jane: 1, '##t': 1, doe: 2, mail: 3, ask: 0, ',': 0 };

/** As RoBERTa's: a word's blank is spelled with it. */
const byteLevelBpe = {
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 1],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel' },
  model: {
    type: 'BPE',
    vocab: { '<s>': 0, '</s>': 1, a: 2, Ġ: 3, j: 4, n: 5, Ġj: 6, Ġja: 7, Ġjan: 8 },
    merges: ['Ġ j', 'Ġj a', 'Ġja n'],
  },
};

interface Feed {
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
}
type Run = (feeds: Readonly<Record<string, Feed>>) => Promise<unknown>;

/** Labels each token by itself, as the vocabulary says. */
const labelling: Run = (feeds) => {
  const { data, dims } = feeds['input_ids'] as Feed;
  const scores = new Float32Array(data.length * labels.length);
  data.forEach((id, i) => {
    scores[i * labels.length + (Object.values(vocabulary)[Number(id) - 5] ?? 0)] = 9;
  });
  return Promise.resolve({ logits: { data: scores, dims: [...dims, labels.length] } });
};

interface Bed {
  readonly run?: Run;
  readonly inputs?: readonly string[];
  readonly config?: object;
  readonly tokenizer?: object;
  readonly timeoutMs?: number;
}

/** A finder with a real tokenizer and a network that is a function; `asked` are the feeds it got. */
async function finderOf({ run = labelling, inputs, config, tokenizer, timeoutMs }: Bed = {}) {
  const asked: Readonly<Record<string, Feed>>[] = [];
  const session = {
    inputNames: inputs ?? ['input_ids', 'attention_mask'],
    outputNames: ['logits'],
    run: (feeds: Readonly<Record<string, Feed>>) => {
      asked.push(feeds);
      return run(feeds);
    },
  };
  class Tensor implements Feed {
    readonly data: BigInt64Array;
    readonly dims: readonly number[];
    constructor(_type: string, data: BigInt64Array, dims: readonly number[]) {
      this.data = data;
      this.dims = dims;
    }
  }
  const runtime = { InferenceSession: { create: () => Promise.resolve(session) }, Tensor };
  const folder = await writeModelFolder({
    'config.json': { id2label: Object.fromEntries(labels.entries()), max_position_embeddings: 32, ...config },
    'tokenizer.json': tokenizer ?? wordPieceOf(...Object.keys(vocabulary)),
    'model.onnx': '',
  });
  folders.push(folder);
  const load = (name: string) => Promise.resolve(name === 'onnxruntime-node' ? runtime : tokenizers);
  const finder = await createModelFinder({ folder, load, ...(timeoutMs !== undefined && { timeoutMs }) });
  return { finder, asked, folder };
}

async function namesIn(finder: NameFinder, text: string): Promise<string[]> {
  return (await finder.findNames(text)).map(({ start, end, type }) => `${type} ${text.slice(start, end)}`);
}

describe('createModelFinder', () => {
  it('finds whole words of the kinds that are asked for, at their places in the text', async () => {
    const { finder } = await finderOf();
    expect(await namesIn(finder, '😀 ask Jane  Doe, JANÉ or Janet: mail')).toEqual([
      'PERSON Jane  Doe',
      'PERSON JANÉ',
      'PERSON Janet',
    ]);
    expect(await namesIn(finder, 'Jane Doe')).toEqual(['PERSON Jane Doe']);
  });

  it('frames what it asks, and fills up the shorter', async () => {
    const { finder, asked } = await finderOf();
    await Promise.all([finder.findNames('ask Jane'), finder.findNames('ask')]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.['input_ids']).toMatchObject({
      data: BigInt64Array.of(2n, 9n, 5n, 3n, 2n, 9n, 3n, 0n),
      dims: [2, 4],
    });
    expect(asked[0]?.['attention_mask']?.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 1n, 1n, 0n));
  });

  it('asks a byte-level BPE for a word with the blank before it, which is no part of the name', async () => {
    const { finder, asked } = await finderOf({
      tokenizer: byteLevelBpe,
      run: (feeds) => {
        const { dims } = feeds['input_ids'] as Feed;
        const scores = new Float32Array(4 * labels.length);
        scores[labels.length] = 9;
        scores[2 * labels.length + 1] = 9;
        return Promise.resolve({ logits: { data: scores, dims: [...dims, labels.length] } });
      },
    });
    expect(await namesIn(finder, 'a jan')).toEqual(['PERSON jan']);
    expect(asked[0]?.['input_ids']?.data).toEqual(BigInt64Array.of(0n, 2n, 8n, 1n));
  });

  it('reads a long text in windows, and a name at any place of it', async () => {
    const { finder, asked } = await finderOf();
    const text = Array.from({ length: 300 }, (_, i) => (i % 7 === 3 ? 'Jane' : 'ask')).join(' ');
    expect(await namesIn(finder, text)).toEqual(Array.from({ length: 43 }, () => 'PERSON Jane'));
    for (const feeds of asked) expect(feeds['input_ids']?.dims[0]).toBeLessThanOrEqual(4);
    for (const feeds of asked) expect(feeds['input_ids']?.dims[1]).toBeLessThanOrEqual(32);
  });

  it('asks nothing about nothing', async () => {
    const { finder, asked } = await finderOf();
    expect(await finder.findNames(' \n\u200b')).toEqual([]);
    expect(await finder.findNames('')).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it('serves as a second pass', async () => {
    const { finder } = await finderOf();
    const masker = createTwoPassMasker(createMasker(), { finder, onFailure: 'fail' });
    const { masked } = await masker.maskTogether(['jane@example.com asks: mail Doe']);
    expect(masked[0]?.text).toBe('<EMAIL_1> asks: mail <PERSON_1>');
  });

  it('gives up after its time limit', async () => {
    const { finder, folder } = await finderOf({ timeoutMs: 20, run: () => new Promise(() => undefined) });
    await expect(finder.findNames('secret words')).rejects.toThrow(
      new NameFinderError(`asking the model in ${folder}: TimeoutError`),
    );
  });

  it.each<[string, Run, RegExp]>([
    ['fails', () => Promise.reject(new TypeError('secret words')), /asking the model in .*: TypeError$/],
    [
      'answers another number of labels',
      () => Promise.resolve({ logits: { data: new Float32Array(8), dims: [1, 4, 2] } }),
      /did not answer 1 × 4 × 4 numbers/,
    ],
    ['answers nothing', () => Promise.resolve({}), /no token classifier/],
  ])('says so when the network %s, without a word of the text', async (_, run, message) => {
    const { finder } = await finderOf({ run });
    const failure = await finder.findNames('secret words').catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(NameFinderError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain('secret');
  });

  it.each<[string, Bed, RegExp]>([
    ['wants an unknown input', { inputs: ['input_ids', 'pixel_values'] }, /wants an input "pixel_values"/],
    ['has no label of a name', { config: { id2label: { 0: 'POSITIVE', 1: 'NEGATIVE' } } }, /no label in config\.json/],
    ['reads too little', { config: { max_position_embeddings: 2 } }, /reads 2 tokens/],
  ])('refuses a model that %s', async (_, bed, message) => {
    await expect(finderOf(bed)).rejects.toThrow(message);
  });

  it('names the package that is missing, and how to install it', async () => {
    const { folder } = await finderOf();
    const load = () => Promise.reject(new Error('not found'));
    await expect(createModelFinder({ folder, load })).rejects.toThrow(
      /@huggingface\/tokenizers, which could not be loaded: npm install --ignore-scripts onnxruntime-node@/,
    );
  });
});
