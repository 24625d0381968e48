import { canonicalValue } from './canonical.ts';
import { builtInLabels, type EntityType } from './entity.ts';
import { isCommonWord, keyOfPerson, namesInAddress, tellingParts } from './person-name.ts';
import { isWord } from './scan/char-class.ts';
import { foldText, foldUnit } from './scan/fold.ts';
import type { Found, Place, Scan } from './scan/scanner.ts';
import { ValueAutomaton } from './value-automaton.ts';

/** A value shorter than this is masked elsewhere only where it stands alone. */
const SHORT_VALUE = 6;

/** The engine's own search is faster for few values in a usual text, and takes text times value at its worst. */
const FEW_VALUES = 12;
const USUAL_TEXT = 20_000;
const LONG_VALUE = 256;

/** Names are words: "Martin" is not looked for in "Martinique". */
const wholeWords: ReadonlySet<EntityType> = new Set(['PERSON', 'LOCATION']);

const isFoundInside = (length: number, type: EntityType): boolean => length >= SHORT_VALUE && !wholeWords.has(type);

/** "Will" is a person after "Hi", and nobody in "Will you …". */
const isShortWord = (name: string): boolean => name.length < SHORT_VALUE && isCommonWord(name);

const noParts: { readonly spelling: string; readonly key: string; readonly at: number }[] = [];

/** The words of a person's name, and the names in an address, each of which gives the person away elsewhere. */
function partsOf(
  type: EntityType,
  spelling: string,
): { readonly spelling: string; readonly key: string; readonly at: number }[] {
  if (type === 'PERSON')
    return tellingParts(spelling).map(({ word, at }) => ({ spelling: word, key: keyOfPerson(word), at }));
  if (type !== 'EMAIL_ADDRESS') return [];
  const words = namesInAddress(spelling);
  return words.length === 0 ? noParts : words.map((word) => ({ spelling: word, key: keyOfPerson(word), at: -1 }));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * What was recognised once is masked wherever it stands in the ticket: "call 5551234 … order 5551234" would otherwise
 * show the very number that was hidden. Values are searched as written, and weak candidates by what they mean. The
 * user's own kinds need no such help: their terms and forms are found wherever they stand.
 */
export class KnownValues {
  readonly #bySpelling = new Map<string, Found>();
  readonly #keys = new Set<string>();
  #longest = 0;
  #automaton: ValueAutomaton | undefined;
  #stepsBefore = 0;
  readonly #wantsPeople: boolean;

  /** @param wantsPeople whether the words of names are to be found, too. */
  constructor(wantsPeople: boolean) {
    this.#wantsPeople = wantsPeople;
  }

  /** What its automata have looked at; the tests bound it. */
  get steps(): number {
    return this.#stepsBefore + (this.#automaton?.steps ?? 0);
  }

  /** Whether anything was new. */
  learn(text: string, found: readonly Found[]): boolean {
    let isNew = false;
    for (const each of found) {
      if (!(each.type in builtInLabels)) continue;
      const spelling = text.slice(each.start, each.end);
      if (this.#bySpelling.has(spelling) || (each.type === 'PERSON' && isShortWord(spelling))) continue;
      this.#add(spelling, each);
      for (const { spelling: part, key } of this.#wantsPeople ? partsOf(each.type, spelling) : []) {
        if (!this.#bySpelling.has(part)) this.#add(part, { ...each, type: 'PERSON', key });
      }
      isNew = true;
    }
    return isNew;
  }

  #add(spelling: string, found: Found): void {
    this.#bySpelling.set(spelling, found);
    this.#keys.add(`${found.type} ${found.key}`);
    this.#longest = Math.max(this.#longest, spelling.length);
    this.#stepsBefore = this.steps;
    this.#automaton = undefined;
  }

  /** Where known values stand in a text, apart from what the scan found and from placeholders. */
  findElsewhere(text: string, scan: Scan): Found[] {
    const hits = scan.weak.length === 0 ? [] : this.#confirm(text, scan.weak);
    const isUsual = this.#longest <= LONG_VALUE && text.length <= USUAL_TEXT && this.#bySpelling.size <= FEW_VALUES;
    if (!isUsual) this.#searchAll(text, takenBy(scan), hits);
    else if (this.#mayHoldAny(text)) this.#searchEach(text, takenBy(scan), hits);
    return hits.length === 0 ? hits : keepFree(hits);
  }

  /** Most strings of a ticket are shorter than a value, or hold none. */
  #mayHoldAny(text: string): boolean {
    for (const spelling of this.#bySpelling.keys()) if (text.includes(spelling)) return true;
    return false;
  }

  #confirm(text: string, weak: readonly Place[]): Found[] {
    const hits: Found[] = [];
    for (const { start, end, type } of weak) {
      const key = canonicalValue(type, foldText(text.slice(start, end)));
      if (this.#keys.has(`${type} ${key}`)) hits.push({ start, end, type, key });
    }
    return hits;
  }

  #searchEach(text: string, taken: readonly Range[], hits: Found[]): void {
    for (const [spelling, { type, key }] of this.#bySpelling) {
      let next = 0;
      let at = text.indexOf(spelling);
      while (at >= 0) {
        const end = at + spelling.length;
        while (next < taken.length && (taken[next] as Range).end <= at) next++;
        const isFree = next === taken.length || (taken[next] as Range).start >= end;
        if (isFree && (isFoundInside(spelling.length, type) || standsAlone(text, at, end)))
          hits.push({ start: at, end, type, key });
        at = text.indexOf(
          spelling,
          isFree ? at + 1 : Math.max(at + 1, (taken[next] as Range).end - spelling.length + 1),
        );
      }
    }
  }

  /** Adds the longest value at each place, and none inside another: a value may hold thousands of others that are known. */
  #searchAll(text: string, taken: readonly Range[], hits: Found[]): void {
    const automaton = (this.#automaton ??= this.#createAutomaton());
    const confirmed = longestFirst(hits);
    const lengths = new Int32Array(text.length);
    let from = 0;
    let weak = 0;
    for (const { start: to, end } of [...taken, { start: text.length, end: text.length }]) {
      automaton.measure(text, from, to, standsAlone, lengths);
      for (let at = from; at < to; at++) {
        while (weak < confirmed.length && (confirmed[weak] as Found).start < at) weak++;
        const known = confirmed[weak]?.start === at ? (confirmed[weak] as Found).end : at;
        const longest = at + (lengths[at] as number);
        if (longest > known) hits.push(this.#foundAt(text, at, longest));
        at = Math.max(at, longest - 1, known - 1);
      }
      from = Math.max(from, end);
    }
  }

  #foundAt(text: string, start: number, end: number): Found {
    const { type, key } = this.#bySpelling.get(text.slice(start, end)) as Found;
    return { start, end, type, key };
  }

  #createAutomaton(): ValueAutomaton {
    const values = [...this.#bySpelling].map(([spelling, { type }]) => ({
      spelling,
      isAlone: !isFoundInside(spelling.length, type),
    }));
    return new ValueAutomaton(values);
  }
}

const takenBy = (scan: Scan): readonly Range[] =>
  [...scan.found, ...scan.placeholders].sort((a, b) => a.start - b.start);

/**
 * Whether a known value could stand somewhere besides where it was found. Nearly always not, and then the ticket is
 * spared the bookkeeping.
 */
export function mayStandElsewhere(texts: readonly string[], scans: readonly Scan[], wantsPeople: boolean): boolean {
  let values = 0;
  for (const scan of scans) values += scan.found.length;
  if (values > FEW_VALUES || isConfirmed(texts, scans)) return true;
  for (let i = 0; i < scans.length; i++) {
    for (const { start, end, type } of (scans[i] as Scan).found) {
      if (!(type in builtInLabels)) continue;
      const spelling = (texts[i] as string).slice(start, end);
      if (standsBesides(spelling, texts, i, start)) return true;
      for (const part of wantsPeople ? partsOf(type, spelling) : []) {
        if (standsBesides(part.spelling, texts, i, part.at < 0 ? -1 : start + part.at)) return true;
      }
    }
  }
  return false;
}

/** Whether a weak candidate means what a value of the ticket means. The ticket's own number is a weak one in most tickets. */
function isConfirmed(texts: readonly string[], scans: readonly Scan[]): boolean {
  if (scans.every(({ weak }) => weak.length === 0)) return false;
  const keys = new Set(scans.flatMap(({ found }) => found.map(({ type, key }) => `${type} ${key}`)));
  return scans.some(({ weak }, i) =>
    weak.some(({ start, end, type }) => {
      const key = canonicalValue(type, foldText((texts[i] as string).slice(start, end)));
      // Parts of what was found may be people; who they are is not found out here.
      return type === 'PERSON' || keys.has(`${type} ${key}`);
    }),
  );
}

/** Of a long value the beginning tells: to look for more of it could take text times value. */
function standsBesides(value: string, texts: readonly string[], text: number, start: number): boolean {
  const spelling = value.slice(0, LONG_VALUE);
  for (let i = 0; i < texts.length; i++) {
    const each = texts[i] as string;
    const first = each.indexOf(spelling);
    if (first >= 0 && (i !== text || first !== start || each.indexOf(spelling, first + 1) >= 0)) return true;
  }
  return false;
}

const standsAlone = (text: string, start: number, end: number): boolean =>
  !(start > 0 && isWord(foldUnit(text.charCodeAt(start - 1)))) &&
  !(end < text.length && isWord(foldUnit(text.charCodeAt(end))));

const longestFirst = (hits: readonly Found[]): Found[] => hits.toSorted((a, b) => a.start - b.start || b.end - a.end);

/** The longest first at each place, and none that overlaps another. */
function keepFree(hits: readonly Found[]): Found[] {
  const kept: Found[] = [];
  let last = 0;
  for (const hit of longestFirst(hits)) {
    if (hit.start < last) continue;
    kept.push(hit);
    last = hit.end;
  }
  return kept;
}
