import { isAlpha, isAlphanumeric, isDigit, lower } from '../scan/char-class.ts';
import type { Gap } from '../scan/gap.ts';

type Accepts = (code: number) => boolean;

interface Step {
  readonly accepts: Accepts;
  readonly least: number;
  readonly most: number;
}

export interface Shape {
  /** Where the shape ends that begins at `at`; 0 if none does. */
  end(gap: Gap, at: number): number;
}

/** Nothing longer can be registered: rules look only so far. */
const LONGEST = 200;

/**
 * A small language of forms: `#` a digit, `@` a letter, `*` either, any other character itself (letters in any case),
 * `\` takes the next one as it is; `{n}` and `{n,m}` repeat what stands before them, `?` makes it optional. Each step
 * takes as much as it can and never gives back, so that matching is linear: `#{1,3}#` matches nothing.
 */
export function parseShape(pattern: string): Shape {
  const steps: Step[] = [];
  let i = 0;
  while (i < pattern.length) {
    const [accepts, afterUnit] = readUnit(pattern, i);
    const [least, most, next] = readRepeat(pattern, afterUnit);
    steps.push({ accepts, least, most });
    i = next;
  }
  const length = steps.reduce((sum, { most }) => sum + most, 0);
  if (!steps.some(({ least }) => least > 0)) throw new Error(`the shape ${pattern} matches the empty text`);
  if (length > LONGEST) throw new Error(`the shape ${pattern} is longer than ${LONGEST}`);
  return { end: (gap, at) => endOfSteps(steps, gap, at) };
}

function endOfSteps(steps: readonly Step[], gap: Gap, at: number): number {
  let i = at;
  for (const { accepts, least, most } of steps) {
    const first = i;
    while (i - first < most && accepts(gap.at(i))) i++;
    if (i - first < least) return 0;
  }
  return i;
}

function readUnit(pattern: string, at: number): [Accepts, number] {
  const character = pattern[at] as string;
  if (character === '#') return [isDigit, at + 1];
  if (character === '@') return [isAlpha, at + 1];
  if (character === '*') return [isAlphanumeric, at + 1];
  if (character === '{' || character === '?') throw new Error(`the shape ${pattern} repeats nothing at ${at}`);
  const place = character === '\\' ? at + 1 : at;
  const code = lower(pattern.charCodeAt(place));
  if (!(code > 0 && code < 128)) throw new Error(`the shape ${pattern} holds more than ASCII at ${place}`);
  return [(other) => lower(other) === code, place + 1];
}

function readRepeat(pattern: string, at: number): [number, number, number] {
  if (pattern[at] === '?') return [0, 1, at + 1];
  if (pattern[at] !== '{') return [1, 1, at];
  const close = pattern.indexOf('}', at);
  const [, least, most = least] = /^(\d{1,3})(?:,(\d{1,3}))?$/.exec(pattern.slice(at + 1, close)) ?? [];
  if (close < 0 || least === undefined || Number(most) < Number(least)) {
    throw new Error(`the shape ${pattern} has no {n} or {n,m} at ${at}`);
  }
  return [Number(least), Number(most), close + 1];
}
