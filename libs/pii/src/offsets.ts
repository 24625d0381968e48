import type { Masked } from './masker.ts';

/**
 * Which side an offset inside a replaced value goes to. A range's first offset goes to the `start`, its end to the
 * `end`, so that a range which cuts a value in two covers the whole of it on the other side.
 */
export type Side = 'start' | 'end';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Between places in the input and places in the masked text, both in UTF-16 code units. */
export interface OffsetMap {
  toMasked(offset: number, side?: Side): number;
  toInput(offset: number, side?: Side): number;
  rangeToMasked(range: Range): Range;
  rangeToInput(range: Range): Range;
}

export function createOffsetMap({ spans, maskedSpans }: Pick<Masked, 'spans' | 'maskedSpans'>): OffsetMap {
  const toMasked = (offset: number, side: Side = 'start'): number => translate(offset, side, spans, maskedSpans);
  const toInput = (offset: number, side: Side = 'start'): number => translate(offset, side, maskedSpans, spans);
  return {
    toMasked,
    toInput,
    rangeToMasked: ({ start, end }) => ({ start: toMasked(start, 'start'), end: toMasked(end, 'end') }),
    rangeToInput: ({ start, end }) => ({ start: toInput(start, 'start'), end: toInput(end, 'end') }),
  };
}

function translate(offset: number, side: Side, from: readonly Range[], to: readonly Range[]): number {
  const index = lastStartingBefore(from, offset);
  if (index < 0) return offset;
  const source = from[index] as Range;
  const target = to[index] as Range;
  if (offset >= source.end) return target.end + (offset - source.end);
  return side === 'start' ? target.start : target.end;
}

/** The last range that starts before the offset; -1 if none does. */
function lastStartingBefore(ranges: readonly Range[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as Range).start < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
