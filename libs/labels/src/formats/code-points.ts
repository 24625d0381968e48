import type { Span } from '../label.ts';

// Python counts code points, JavaScript counts UTF-16 code units: behind an emoji the two differ. Spans are converted
// at the border of every format whose tool is written in Python.

/** Offsets in code points of `text` → code units. Past the end they keep their distance from it. */
export function toCodeUnits(spans: readonly Span[], text: string | null): Span[] {
  if (text === null || !hasPairs(text)) return [...spans];
  const starts = unitStarts(text);
  const unit = (point: number) => starts[point] ?? text.length + point - (starts.length - 1);
  return spans.map((span) => ({ ...span, start: unit(span.start), end: unit(span.end) }));
}

/** Code units → code points. An offset inside a pair becomes that of the pair. */
export function toCodePoints(spans: readonly Span[], text: string | null): Span[] {
  if (text === null || !hasPairs(text)) return [...spans];
  const points: number[] = [];
  for (const [point, start] of unitStarts(text).entries()) points[start] = point;
  const last = points[text.length] ?? 0;
  const pointOf = (unit: number) => {
    if (unit > text.length) return last + unit - text.length;
    return points[unit] ?? points[unit - 1] ?? unit;
  };
  return spans.map((span) => ({ ...span, start: pointOf(span.start), end: pointOf(span.end) }));
}

function hasPairs(text: string): boolean {
  return /[\u{10000}-\u{10ffff}]/u.test(text);
}

/** Where each code point begins, and the end of the text. */
function unitStarts(text: string): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const point of text) {
    starts.push(at);
    at += point.length;
  }
  starts.push(at);
  return starts;
}
