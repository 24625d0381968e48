import { builtInLabels, type EntityType } from './entity.ts';
import { createReplacers, type Operator, type Replacer } from './operators.ts';
import { KnownValues, mayStandElsewhere } from './propagate.ts';
import type { Registry } from './registry.ts';
import { joinPeople } from './same-person.ts';
import { QuietTexts } from './scan/quiet-texts.ts';
import { NOTHING_FOUND, Scanner, type Found, type Scan } from './scan/scanner.ts';

export type { EntityType } from './entity.ts';
export type { Operator, PseudonymKey } from './operators.ts';

/** UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
}

export interface Masked {
  readonly text: string;
  /** In the input, sorted, never overlapping. */
  readonly spans: readonly Span[];
  /** The same spans' places in the masked text. */
  readonly maskedSpans: readonly Span[];
}

export interface Masker {
  mask(text: string): Masked;
  /**
   * The strings of one ticket: equal values share their number across all of them, and a value recognised in one is
   * masked in all. `names[i]` is the field `texts[i]` comes from; its words count like words before the value, so that
   * `phone: 5551234` is a phone number and `ticket_id: 5551234` is not.
   */
  maskTogether(texts: readonly string[], names?: readonly (string | undefined)[]): readonly Masked[];
}

export interface MaskerOptions {
  readonly operator?: Operator;
  /** Only these are masked; default: all that the scanner and the registry know. */
  readonly types?: readonly EntityType[];
  readonly registry?: Registry;
}

const none: readonly Span[] = [];
const noNumbers: ReadonlyMap<string, number> = new Map();

export function createMasker(options: MaskerOptions = {}): Masker {
  const wanted = options.types === undefined ? undefined : new Set(options.types);
  const types = new Map<string, EntityType>(Object.entries(builtInLabels).map(([type, label]) => [label, type]));
  for (const type of [...secondPassTypes, ...(options.registry?.types ?? []), ...(wanted ?? [])]) {
    if (!(type in builtInLabels)) types.set(type, type);
  }
  const scanner = new Scanner({ wanted, types, findRegistered: options.registry?.find });
  const wantsPeople = wanted?.has('PERSON') ?? true;
  const replacers = createReplacers(options.operator ?? 'replace');
  const quiet = new QuietTexts();
  const scanField = (text: string, name: string | undefined): Scan => {
    if (name !== undefined && quiet.has(name, text)) return NOTHING_FOUND;
    const scan = scanner.scan(text, name, []);
    if (name !== undefined && scan === NOTHING_FOUND) quiet.add(name, text);
    return scan;
  };
  const maskTogether: Masker['maskTogether'] = (texts, names = []) => {
    const scans = texts.map((text, i) => scanField(text, names[i]));
    if (scans.every((scan) => scan.found.length === 0)) return texts.map(unchanged);
    const settled = joinPeople(
      mayStandElsewhere(texts, scans, wantsPeople)
        ? settleKnownValues(scanner, texts, names, scans, new KnownValues(wantsPeople))
        : scans,
    );
    const replace = replacers(highestNumbers(settled));
    return texts.map((text, i) => replaceFound(text, (settled[i] as Scan).found, replace));
  };
  const mask = (text: string): Masked => {
    const scan = scanner.scan(text, undefined, []);
    if (scan.found.length === 0) return unchanged(text);
    if (scan.placeholders.length > 0 || mayStandElsewhere([text], [scan], wantsPeople))
      return maskTogether([text])[0] as Masked;
    const { found } = joinPeople([scan])[0] as Scan;
    return replaceFound(text, found, replacers(noNumbers));
  };
  return { mask, maskTogether };
}

/** What a second pass may put into a masked text; their placeholders are left alone like the scanner's own. */
const secondPassTypes = ['ORGANIZATION', 'NRP', 'DATE_TIME'];

const unchanged = (text: string): Masked => ({ text, spans: none, maskedSpans: none });

/**
 * Tickets settle in two or three rounds. One that was made for it shows a new value in each, so that its work would grow with
 * the square of its size: what is not settled by then is masked as a whole.
 */
const MOST_ROUNDS = 16;

/** Masks known values elsewhere in the ticket until none stands uncovered. */
function settleKnownValues(
  scanner: Scanner,
  texts: readonly string[],
  names: readonly (string | undefined)[],
  scans: readonly Scan[],
  known: KnownValues,
): readonly Scan[] {
  const settled = [...scans];
  const learn = (): boolean => {
    let isNew = false;
    settled.forEach((scan, i) => {
      if (scan.found.length > 0 && known.learn(texts[i] as string, scan.found)) isNew = true;
    });
    return isNew;
  };
  for (let round = 0; learn(); round++) {
    settled.forEach((scan, i) => {
      const text = texts[i] as string;
      const elsewhere = known.findElsewhere(text, scan);
      if (elsewhere.length === 0) return;
      if (round >= MOST_ROUNDS) {
        settled[i] = { ...scan, found: [{ ...(elsewhere[0] as Found), start: 0, end: text.length, key: text }] };
        return;
      }
      const fixed = sorted([...scan.found, ...elsewhere]);
      const again = scanner.scan(text, names[i], fixed);
      settled[i] = { ...again, found: sorted([...fixed, ...again.found]) };
    });
  }
  return settled;
}

const sorted = (found: readonly Found[]): Found[] => found.toSorted((a, b) => a.start - b.start);

function highestNumbers(scans: readonly Scan[]): ReadonlyMap<string, number> {
  if (scans.every((scan) => scan.placeholders.length === 0)) return noNumbers;
  const highest = new Map<string, number>();
  for (const { placeholders } of scans) {
    for (const { label, number } of placeholders) highest.set(label, Math.max(number, highest.get(label) ?? 0));
  }
  return highest;
}

function replaceFound(text: string, found: readonly Found[], replace: Replacer): Masked {
  if (found.length === 0) return unchanged(text);
  const spans: Span[] = [];
  const maskedSpans: Span[] = [];
  let out = '';
  let at = 0;
  for (const { start, end, type, key } of found) {
    out += text.slice(at, start);
    const from = out.length;
    out += replace(type, key);
    spans.push({ start, end, type });
    maskedSpans.push({ start: from, end: out.length, type });
    at = end;
  }
  return { text: out + text.slice(at), spans, maskedSpans };
}
