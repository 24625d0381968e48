import { createReplacers } from './operators.ts';
import type { Masked, Masker, Operator, Span } from './masker.ts';
import { createOffsetMap } from './offsets.ts';

/** A name or another thing only a language model tells, in UTF-16 offsets of the text it was asked about. */
export interface NamedSpan {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/**
 * Finds what no form gives away: names, places. Behind it stands a service (`adapters/presidio.ts`). It is asked about
 * the masked text, so the values the scanner knows never leave the process.
 */
export interface NameFinder {
  findNames(text: string): Promise<readonly NamedSpan[]>;
}

/** What happens when the finder fails: the error is thrown, or the ticket goes on with the first pass alone. */
export type FailurePolicy = 'fail' | 'skip';

export interface TwoPassMasked {
  readonly masked: readonly Masked[];
  /** Why the second pass was skipped, for the caller's metrics; nothing when it ran. */
  readonly skipped?: Error;
}

export interface TwoPassMasker {
  maskTogether(texts: readonly string[], names?: readonly (string | undefined)[]): Promise<TwoPassMasked>;
}

export interface SecondPassOptions {
  readonly finder: NameFinder;
  readonly onFailure: FailurePolicy;
  /** The same as the first masker's. */
  readonly operator?: Operator;
}

export function createTwoPassMasker(first: Masker, options: SecondPassOptions): TwoPassMasker {
  const replacers = createReplacers(options.operator ?? 'replace');
  return {
    maskTogether: async (texts, names) => {
      const masked = first.maskTogether(texts, names);
      let found: readonly (readonly NamedSpan[])[];
      try {
        found = await Promise.all(masked.map(({ text }) => options.finder.findNames(text)));
      } catch (error) {
        if (options.onFailure === 'fail') throw error;
        return { masked, skipped: error instanceof Error ? error : new Error(String(error)) };
      }
      const replace = replacers(highestNumbers(masked));
      const placeholder = (type: string, value: string): string => replace(type, value.toLowerCase());
      return { masked: masked.map((each, i) => mergeNames(texts[i] as string, each, found[i] ?? [], placeholder)) };
    },
  };
}

/**
 * Adds what the second pass found in the masked text. What touches a placeholder is dropped: a service takes `<EMAIL_1>`
 * for all sorts of things, and a name half inside a value is no name.
 */
export function mergeNames(
  input: string,
  masked: Masked,
  found: readonly NamedSpan[],
  placeholder: (type: string, value: string) => string,
): Masked {
  const names = freeNames(masked, found);
  if (names.length === 0) return masked;
  const offsets = createOffsetMap(masked);
  const inInput = names.map(({ start, end, type }) => ({ ...offsets.rangeToInput({ start, end }), type }));
  const spans = [...masked.spans, ...inInput].toSorted((a, b) => a.start - b.start);
  const kept = new Map(masked.spans.map((span, i) => [span.start, masked.maskedSpans[i] as Span]));
  const maskedSpans: Span[] = [];
  let text = '';
  let at = 0;
  for (const { start, end, type } of spans) {
    const before = kept.get(start);
    const value = input.slice(start, end);
    text += input.slice(at, start);
    const from = text.length;
    text += before === undefined ? placeholder(type, value) : masked.text.slice(before.start, before.end);
    maskedSpans.push({ start: from, end: text.length, type });
    at = end;
  }
  return { text: text + input.slice(at), spans, maskedSpans };
}

const STANDING = /<[A-Z][A-Z0-9_]*(?::[A-Za-z0-9.-]+:[a-p]+)?>/g;

/** Sorted, inside the text, and touching neither a placeholder nor one another. */
function freeNames({ text }: Masked, found: readonly NamedSpan[]): NamedSpan[] {
  const taken = Array.from(text.matchAll(STANDING), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const names: NamedSpan[] = [];
  let last = 0;
  for (const name of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const isInside = name.start >= last && name.end > name.start && name.end <= text.length;
    if (!isInside || taken.some(({ start, end }) => start < name.end && name.start < end)) continue;
    names.push(name);
    last = name.end;
  }
  return names;
}

/** The second pass goes on numbering where a ticket that was masked before left off. */
function highestNumbers(masked: readonly Masked[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const { text } of masked) {
    for (const [, label, number] of text.matchAll(/<([A-Z][A-Z0-9_]*)_(\d{1,9})>/g)) {
      if (label !== undefined) highest.set(label, Math.max(Number(number), highest.get(label) ?? 0));
    }
  }
  return highest;
}
