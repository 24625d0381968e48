import type { EntityType } from '../entity.ts';
import { canonicalValue } from '../canonical.ts';
import { readPlaceholder } from '../placeholder.ts';
import { typeOfField } from '../names/field-value.ts';
import { NameReader } from '../names/name-reader.ts';
import { createDispatch, type Dispatch } from '../rules/dispatch.ts';
import { topicsOfName } from '../rules/field-name.ts';
import { isBlank, isDigit, isWord } from './char-class.ts';
import { foldText } from './fold.ts';
import { isCapitalUnit } from '../names/letters.ts';
import { type Barrier, Barriers, type VisitGap } from './barriers.ts';
import { Findings, type Candidate } from './findings.ts';
import { Gap } from './gap.ts';
import { resolveOverlaps } from './resolve.ts';
import { TextView } from './text-view.ts';
import { firstAtLeast } from './trigger.ts';

/** In the text, not in its folded view. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
}

/** A value with what makes it equal to others. Never leaves the library. */
export interface Found extends Place {
  readonly key: string;
}

export interface Scan {
  readonly found: readonly Found[];
  /** Would be values if the same were found elsewhere in the ticket. */
  readonly weak: readonly Place[];
  readonly placeholders: readonly StandingPlaceholder[];
}

export interface StandingPlaceholder {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly number: number;
}

/** No rule reads further than this from where it begins, except along what it takes. */
const LOOK_AROUND = 400;

/**
 * Texts take two or three rounds, and whatever mutations have shown at most eight. In one that is made for it each value shows
 * the one before it ("Main Street 5Main Street 5…"): its work would grow with the square of its size. Where something is still
 * new after so many, the rest up to the next value is masked as a whole.
 */
const MOST_ROUNDS = 20;

const nameTypes: readonly EntityType[] = ['PERSON', 'STREET_ADDRESS', 'ZIP_CODE', 'LOCATION'];

const none: readonly StandingPlaceholder[] = [];
/** The answer for every text in which there is nothing at all. */
export const NOTHING_FOUND: Scan = { found: [], weak: [], placeholders: none };

export interface ScannerParts {
  readonly wanted: ReadonlySet<EntityType> | undefined;
  /** The type behind each label that a placeholder may carry. */
  readonly types: ReadonlyMap<string, EntityType>;
  /** Finds the user's own values in a gap. */
  readonly findRegistered: ((gap: Gap, from: number, to: number, findings: Findings) => void) | undefined;
  readonly gap?: Gap;
}

/**
 * Finds the values of one text. Rounds: the whole text first; then, where a new value could change what its neighbours
 * mean, the neighbourhood once more with the value as a barrier, until nothing new turns up. The text that is left would
 * give nothing if it were masked again.
 */
export class Scanner {
  readonly #view = new TextView();
  readonly #gap: Gap;
  readonly #findings: Findings;
  readonly #dispatch: Dispatch;
  readonly #names: NameReader | undefined;
  readonly #parts: ScannerParts;
  #hint: readonly number[] | undefined;
  #name: string | undefined;
  #barriers = new Barriers();
  /** How often the last text, or parts of it, were gone over; the tests bound it. */
  rounds = 0;

  constructor(parts: ScannerParts) {
    this.#parts = parts;
    this.#gap = parts.gap ?? new Gap();
    this.#findings = new Findings(parts.wanted);
    this.#dispatch = createDispatch(this.#gap, this.#findings, () => (this.#hint ??= topicsOfName(this.#name)));
    if (nameTypes.some((type) => this.#findings.wants(type))) this.#names = new NameReader(this.#gap, this.#findings);
  }

  /** @param name the field the text comes from; @param fixed values already known to stand in it. */
  scan(text: string, name: string | undefined, fixed: readonly Found[]): Scan {
    const view = this.#view;
    view.load(text);
    if (this.#isQuiet(fixed)) return NOTHING_FOUND;
    this.#name = name;
    this.#hint = undefined;
    this.#findings.clear();
    this.#barriers = new Barriers(this.#fixedBarriers(fixed));
    const placeholders = view.hasAngle() ? this.#readPlaceholders() : none;
    const all = this.#readAll();
    if (all.length === 0 && this.#findings.weak.length === 0 && placeholders.length === 0) return NOTHING_FOUND;
    return { found: all.map((each) => this.#toFound(text, each)), weak: this.#freeWeak(all), placeholders };
  }

  /** Nothing in the text could begin a value. */
  #isQuiet(fixed: readonly Found[]): boolean {
    if (this.#view.triggers.count > 0 || fixed.length > 0) return false;
    return this.#names === undefined && this.#parts.findRegistered === undefined;
  }

  /** The rounds. In each, first the values that their form gives away, then the names between them. */
  #readAll(): readonly Candidate[] {
    const findings = this.#findings;
    if (this.#barriers.all.length === 0) this.#read(0, this.#view.length, undefined, 0, this.#view.length);
    else this.#eachGap((lo, hi, before) => this.#read(lo, hi, before?.type, lo, hi));
    this.rounds = 1;
    let found = this.#takeAccepted();
    this.#barriers.raise(found, 0, false);
    let names = this.#readNames(0);
    let all = join(found, names);
    while (found.length + names.length > 0) {
      this.#barriers.raise(names, this.rounds - 1, true);
      // The last capitals may have gone with the names.
      if (!findings.isBlocked && !findings.isNameBlocked && (names.length === 0 || this.#hasCapitals())) break;
      const round = this.rounds++;
      if (round >= MOST_ROUNDS) {
        found = this.#takeUnsettled(round);
        this.#barriers.raise(found, round, false);
        names = this.#hasCapitals() ? noCandidates : this.#readNames(round);
        all = join(all, join(found, names));
        continue;
      }
      if (findings.isBlocked) this.#eachGap((lo, hi, before, after) => this.#reread(lo, hi, before, after, round - 1));
      found = this.#takeAccepted();
      this.#barriers.raise(found, round, false);
      names = this.#readNames(round);
      all = join(all, join(found, names));
    }
    return all;
  }

  /** All that stands beside a barrier of the last rounds, as a value of the same kind. */
  #takeUnsettled(round: number): readonly Candidate[] {
    const { codes, length } = this.#view;
    return this.#barriers.besideNew(round - 2, length, (at) => !isWord(codes[at] as number));
  }

  /** Names and addresses between the barriers: at first in all gaps, then near the barriers that are new to them. */
  #readNames(round: number): readonly Candidate[] {
    const reader = this.#names;
    if (reader === undefined) return noCandidates;
    const field = round === 0 && this.#barriers.all.length === 0 ? typeOfField(this.#name) : undefined;
    if (field !== undefined) {
      this.#gap.open(this.#view, 0, this.#view.length, undefined);
      reader.readField(field);
      if (this.#findings.accepted.length > 0) return this.#takeNames();
    }
    if (!this.#hasCapitals()) return this.#readLowerCase(reader);
    const isNew = (barrier: Barrier | undefined): boolean =>
      barrier !== undefined && (barrier.round === round || (barrier.isName && barrier.round === round - 1));
    const read = (lo: number, hi: number, before: Barrier | undefined, after: Barrier | undefined): void => {
      let from = hi;
      if (round > 0) {
        const left = isNew(before) ? Math.min(hi, lo + LOOK_AROUND) : lo;
        from = isNew(after) ? Math.max(left, hi - LOOK_AROUND) : hi;
        if (left > lo) this.#readNamesOf(reader, lo, hi, before, after, lo, left);
        if (from < hi) this.#readNamesOf(reader, lo, hi, before, after, from, hi);
      } else this.#readNamesOf(reader, lo, hi, before, after, lo, hi);
    };
    this.#eachGap(read);
    return this.#takeNames();
  }

  /** Whether a word outside the barriers is written with a capital. */
  #hasCapitals(): boolean {
    const { starts, startCount } = this.#view.triggers;
    const { codes, length } = this.#view;
    return this.#barriers.leavesOut(starts, startCount, length, (at) => {
      const code = codes[at] as number;
      return code >= 65 && (code <= 90 || (code >= 128 && isCapitalUnit(this.#view.unitAt(at))));
    });
  }

  #readLowerCase(reader: NameReader): readonly Candidate[] {
    this.#eachGap((lo, hi, before, after) => {
      this.#gap.open(this.#view, lo, hi, before?.type, after?.type);
      reader.readLowerCase();
    });
    return this.#takeNames();
  }

  #readNamesOf(
    reader: NameReader,
    lo: number,
    hi: number,
    before: Barrier | undefined,
    after: Barrier | undefined,
    from: number,
    to: number,
  ): void {
    this.#gap.open(this.#view, lo, hi, before?.type, after?.type);
    reader.read(this.#view, from, to);
  }

  #takeNames(): readonly Candidate[] {
    const findings = this.#findings;
    if (findings.accepted.length === 0) return noCandidates;
    const names = findings.accepted;
    findings.accepted = [];
    if (!findings.isBlocked && names.some(({ start, end }) => this.#isGlued(start, end))) findings.block();
    return names;
  }

  #toFound(text: string, { start, end, type }: Candidate): Found {
    const from = this.#view.originStart(start);
    const to = this.#view.originEnd(end);
    const value = text.slice(from, to);
    return { start: from, end: to, type, key: canonicalValue(type, this.#view.isMapped ? foldText(value) : value) };
  }

  #toPlace(start: number, end: number, type: EntityType): Place {
    return { start: this.#view.originStart(start), end: this.#view.originEnd(end), type };
  }

  #fixedBarriers(fixed: readonly Found[]): Barrier[] {
    return fixed.map(({ start, end, type }) => ({
      start: this.#view.indexOf(start),
      end: this.#view.indexOf(end),
      type,
      round: -1,
      isName: false,
    }));
  }

  #readPlaceholders(): StandingPlaceholder[] {
    const { codes, triggers, length } = this.#view;
    const standing: StandingPlaceholder[] = [];
    const barriers: Candidate[] = [];
    this.#gap.open(this.#view, 0, length, undefined);
    for (let i = 0; i < triggers.count; i++) {
      const start = triggers.places[i] as number;
      if (codes[start] !== 60) continue;
      const read = readPlaceholder(this.#gap, start, this.#parts.types);
      if (read === undefined) continue;
      barriers.push({ start, end: read.end, type: read.type, rank: 0 });
      const end = this.#view.originEnd(read.end);
      standing.push({ start: this.#view.originStart(start), end, label: read.label, number: read.number });
    }
    this.#barriers.raise(barriers, -1, false);
    return standing;
  }

  #eachGap(visit: VisitGap): void {
    this.#barriers.eachGap(this.#view.length, visit);
  }

  #reread(lo: number, hi: number, before: Barrier | undefined, after: Barrier | undefined, round: number): void {
    const isAfterNew = before?.round === round;
    const isBeforeNew = after?.round === round;
    const left = isAfterNew ? Math.min(hi, lo + LOOK_AROUND) : lo;
    const right = isBeforeNew ? Math.max(left, hi - LOOK_AROUND) : hi;
    if (isAfterNew) this.#read(lo, hi, before?.type, lo, left);
    if (isBeforeNew) this.#read(lo, hi, before?.type, right, hi);
  }

  /** Asks the rules at each trigger in `from` … `to`; they may look at `lo` … `hi`. */
  #read(lo: number, hi: number, before: EntityType | undefined, from: number, to: number): void {
    const { places, count } = this.#view.triggers;
    const gap = this.#gap;
    gap.open(this.#view, lo, hi, before);
    this.#findings.last = undefined;
    this.#parts.findRegistered?.(gap, from, to, this.#findings);
    let next = from === 0 ? 0 : firstAtLeast(places, count, from);
    let taken = from;
    // What was glued to the value before now begins here.
    if (from === lo && lo > 0 && places[next] !== lo) taken = this.#dispatch(lo) || from;
    for (; next < count; next++) {
      const at = places[next] as number;
      if (at >= to) break;
      if (at < taken && (isDigit(gap.at(at)) || this.#findings.isInsideProof(at))) continue;
      const end = this.#dispatch(at) || this.#dispatchBehindLast(at, lo, hi, before);
      if (end > taken) taken = end;
    }
  }

  /**
   * Once more for what is glued to the value found last, now as if that were replaced. The next round would ask the
   * same; asking here keeps a chain of glued values from taking a round each.
   */
  #dispatchBehindLast(at: number, lo: number, hi: number, before: EntityType | undefined): number {
    const { last } = this.#findings;
    if (last === undefined || at < last.end || at > last.end + 2) return 0;
    this.#gap.open(this.#view, last.end, hi, last.type);
    const end = this.#dispatch(at);
    this.#gap.open(this.#view, lo, hi, before);
    return end;
  }

  /** What stays of the accepted candidates; and whether it could change what its neighbours mean. */
  #takeAccepted(): readonly Candidate[] {
    const findings = this.#findings;
    if (findings.accepted.length === 0) return noCandidates;
    const kept = resolveOverlaps(findings.accepted);
    if (kept.length < findings.accepted.length) findings.block();
    findings.accepted = [];
    for (const { start, end } of kept) {
      if (findings.isBlocked) break;
      if (this.#isGlued(start, end)) findings.block();
    }
    return kept;
  }

  /** The weak ones that neither a value nor a barrier overlaps. */
  #freeWeak(found: readonly Candidate[]): readonly Place[] {
    if (this.#findings.weak.length === 0) return [];
    const taken = [...this.#barriers.all, ...found].sort((a, b) => a.start - b.start);
    const free: Place[] = [];
    let next = 0;
    for (const weak of resolveOverlaps(this.#findings.weak)) {
      while (next < taken.length && (taken[next] as Candidate | Barrier).end <= weak.start) next++;
      if ((taken[next]?.start ?? Infinity) >= weak.end) free.push(this.#toPlace(weak.start, weak.end, weak.type));
    }
    return free;
  }

  /** Something touches the value that could mean more once the value is gone: no blank, quote or sentence's mark. */
  #isGlued(start: number, end: number): boolean {
    const { codes, length } = this.#view;
    const before = start > 0 ? (codes[start - 1] as number) : SPACE;
    if (!isBlank(before) && before !== QUOTE && before !== EQUALS) return true;
    const after = end < length ? (codes[end] as number) : SPACE;
    if (isBlank(after) || after === QUOTE) return false;
    return !isSentenceMark(after) || (end + 1 < length && !isBlank(codes[end + 1] as number));
  }
}

/** Both sorted, and without overlaps. */
function join(one: readonly Candidate[], other: readonly Candidate[]): readonly Candidate[] {
  if (other.length === 0) return one;
  return one.length === 0 ? other : [...one, ...other].sort((a, b) => a.start - b.start);
}

const noCandidates: readonly Candidate[] = [];

const SPACE = 32;
const QUOTE = 34;
const EQUALS = 61;
const isSentenceMark = (code: number): boolean => code === 46 || code === 44 || code === 33 || code === 63;
