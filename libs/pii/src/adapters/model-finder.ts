import { kindOf } from '../classify/labels.ts';
import { joinWords, kindOfWord, type Scored } from '../classify/spans.ts';
import { tokensOf, windowsOf, type Piece, type Window } from '../classify/windows.ts';
import { wordsOf } from '../classify/words.ts';
import type { NamedSpan, NameFinder } from '../second-pass.ts';
import { Batches, type TokenClassifier } from './batches.ts';
import { readModelFolder, type ModelFolder } from './model-folder.ts';
import { NameFinderError } from './name-finder-error.ts';
import { createOnnxClassifier, type OnnxRuntime } from './onnx-classifier.ts';

export interface ModelFinderOptions {
  /** A token classifier as Hugging Face lays it out: config.json, tokenizer.json, model.onnx. */
  readonly folder: string;
  /** For one text, its waiting included; default 10 seconds. */
  readonly timeoutMs?: number;
  /** How sure the model has to be of a word, from 0 to 1. */
  readonly threshold?: number;
  /** What gives a package by its name, instead of `import`. */
  readonly load?: (name: string) => Promise<unknown>;
}

/** The part of a tokenizer of `@huggingface/tokenizers` that is used. */
interface Tokenizer {
  encode(text: string, options?: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

interface TokenizerPackage {
  readonly Tokenizer: new (tokenizer: object, config: object) => Tokenizer;
}

/** The versions this was tried with. They are not installed with the package: the runtime alone takes 290 MB. */
const packages = { 'onnxruntime-node': '1.30.0', '@huggingface/tokenizers': '0.2.0' } as const;

/** Tokens of a window, those that frame it included: near the 480 characters that Rampart's authors found best for it. */
const WINDOW_TOKENS = 128;
const OVERLAP_TOKENS = 24;
/** One batch holds up the event loop, as the runtime works in it: 4 windows of a 15 MB network take about 0.2 s. */
const BATCH_WINDOWS = 4;

/**
 * Finds names and addresses with a network of the user's own, in this process. Nothing is loaded before this is called,
 * and it fails at once when the folder or a package is not as it should be.
 */
export async function createModelFinder(options: ModelFinderOptions): Promise<NameFinder> {
  const load = options.load ?? ((name) => import(name));
  const model = await readModelFolder(options.folder);
  const kinds = model.labels.map(kindOf);
  if (kinds.every((kind) => kind === undefined))
    throw new Error(
      `the model folder ${options.folder} cannot be used: no label in config.json is of a name or an address`,
    );
  const { Tokenizer } = (await loadPackage(load, '@huggingface/tokenizers')) as TokenizerPackage;
  const runtime = (await loadPackage(load, 'onnxruntime-node')) as OnnxRuntime;
  const tokenizer = new Tokenizer(model.tokenizer, model.tokenizerConfig);
  const classifier = await createOnnxClassifier(runtime, model);
  return new ModelFinder(options, model, kinds, tokenizer, classifier);
}

async function loadPackage(load: (name: string) => Promise<unknown>, name: keyof typeof packages): Promise<unknown> {
  try {
    return await load(name);
  } catch (error) {
    const install = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
    throw new Error(
      `the deep pass needs the package ${name}, which could not be loaded: npm install --ignore-scripts ${install.join(' ')}`,
      { cause: error },
    );
  }
}

class ModelFinder implements NameFinder {
  readonly #options: ModelFinderOptions;
  readonly #kinds: readonly (string | undefined)[];
  readonly #tokenizer: Tokenizer;
  readonly #batches: Batches;
  readonly #frame: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly #budget: number;

  constructor(
    options: ModelFinderOptions,
    model: ModelFolder,
    kinds: readonly (string | undefined)[],
    tokenizer: Tokenizer,
    classifier: TokenClassifier,
  ) {
    this.#options = options;
    this.#kinds = kinds;
    this.#tokenizer = tokenizer;
    this.#batches = new Batches(classifier, BATCH_WINDOWS);
    this.#frame = frameOf(tokenizer);
    const framing = this.#frame.before.length + this.#frame.after.length;
    this.#budget = Math.min(WINDOW_TOKENS, model.longest) - framing;
    if (this.#budget < 1)
      throw new Error(`the model in ${options.folder} reads ${model.longest} tokens, which leaves none for text`);
  }

  async findNames(text: string): Promise<readonly NamedSpan[]> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs ?? 10_000);
    const found: Scored[] = [];
    try {
      for (const windows of inGroups(windowsOf(this.#piecesOf(text), this.#budget, OVERLAP_TOKENS), BATCH_WINDOWS))
        found.push(...(await Promise.all(windows.map((window) => this.#readWindow(window, signal)))).flat());
    } catch (error) {
      if (error instanceof NameFinderError) throw error;
      const reason = error instanceof Error ? error.name : 'failed';
      throw new NameFinderError(`asking the model in ${this.#options.folder}: ${reason}`, {
        cause: error,
        isRefusal: !signal.aborted,
      });
    }
    return joinWords(text, found);
  }

  /** A word keeps the blank before it: byte-level BPE spells it with the word. */
  *#piecesOf(text: string): Generator<Piece> {
    for (const { start, end } of wordsOf(text)) {
      const from = start > 0 && /\s/.test(text.charAt(start - 1)) ? start - 1 : start;
      const { ids } = this.#tokenizer.encode(text.slice(from, end), { add_special_tokens: false });
      yield { start, end, ids };
    }
  }

  async #readWindow(window: Window, signal: AbortSignal): Promise<Scored[]> {
    const { before, after } = this.#frame;
    const scores = await this.#batches.scoresOf([...before, ...tokensOf(window), ...after], signal);
    const width = this.#kinds.length;
    let at = before.length * width;
    return window.flatMap((piece) => {
      const own = scores.subarray(at, at + piece.ids.length * width);
      at += own.length;
      const kind = kindOfWord(piece, own, this.#kinds, this.#options.threshold ?? 0.5);
      return kind === undefined ? [] : [kind];
    });
  }
}

/** The tokens that a model wants before and after a text: [CLS] and [SEP], or what it has instead. */
function frameOf(tokenizer: Tokenizer): { before: readonly number[]; after: readonly number[] } {
  const { ids: framed } = tokenizer.encode('a');
  const { ids: bare } = tokenizer.encode('a', { add_special_tokens: false });
  const at = framed.indexOf(bare[0] ?? -1);
  if (at < 0) throw new Error('the tokenizer makes another thing of "a" when it frames it');
  return { before: framed.slice(0, at), after: framed.slice(at + bare.length) };
}

function* inGroups<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
