// Confidence as label files write it: a strict decimal grammar (docs/label-rules.md#4-rejected-rows). `95`, `95%` or
// `0,95` are never turned into 0.95 behind anybody's back; a source that writes a decimal comma says so in its
// settings.

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const MAX_EXACT_DIGITS = 15;
const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const COMMA = 44;

const GRAMMAR = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The number, or NaN where the cell is not one. Range is the caller's question. */
export function parseConfidence(bytes: Uint8Array, start: number, end: number, hasDecimalComma: boolean): number {
  let at = start;
  const sign = bytes[at];
  if (sign === PLUS || sign === MINUS) at += 1;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits += 1;
      if (decimals >= 0) decimals += 1;
    } else if (decimals < 0 && (byte === DOT || (byte === COMMA && hasDecimalComma))) decimals = 0;
    else return parseSlowly(bytes, start, end, hasDecimalComma);
  }
  if (digits === 0) return Number.NaN;
  // Both operands are exact doubles, so the division rounds once: the same double as Number(text).
  if (digits > MAX_EXACT_DIGITS) return parseSlowly(bytes, start, end, hasDecimalComma);
  const value = decimals > 0 ? mantissa / (POWERS_OF_TEN[decimals] ?? 1) : mantissa;
  return sign === MINUS ? -value : value;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number, hasDecimalComma: boolean): number {
  const cell = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const text = hasDecimalComma ? cell.replace(',', '.') : cell;
  return GRAMMAR.test(text) ? Number(text) : Number.NaN;
}

export type ConfidenceFault = 'confidence_not_a_number' | 'confidence_out_of_range';

/** A confidence as a tool's file says it, by the same grammar; null where it says none. */
export function confidenceOf(said: unknown): number | null | ConfidenceFault {
  const number = decimalOf(said);
  if (number === null) return null;
  if (Number.isNaN(number)) return 'confidence_not_a_number';
  // -0 is 0.
  return number >= 0 && number <= 1 ? number + 0 : 'confidence_out_of_range';
}

/** What was said on a scale of its own (4 of 5 stars), on ours. What is no number stays what it is, for `confidenceOf` to judge. */
export function onScale(said: unknown, scale: number): unknown {
  const number = decimalOf(said);
  return number === null || Number.isNaN(number) ? said : number / scale;
}

/** Null where nothing is said, NaN where it is no number. */
function decimalOf(said: unknown): number | null {
  if (said === null || said === undefined) return null;
  if (typeof said === 'number') return said;
  if (typeof said !== 'string') return Number.NaN;
  const bytes = Buffer.from(said.trim());
  return bytes.length === 0 ? null : parseConfidence(bytes, 0, bytes.length, false);
}

/** The control or question where annotators say how sure they are, and its largest value: `sure:5`, or `sure` for 0 to 1.
 * Undefined where it is neither. */
export function parseConfidenceControl(text: string): { readonly name: string; readonly scale: number } | undefined {
  const [, name = '', scale = '1'] = /^(.*?)(?::([^:]*))?$/s.exec(text) ?? [];
  const bytes = Buffer.from(scale);
  const max = parseConfidence(bytes, 0, bytes.length, false);
  return name.trim() !== '' && max > 0 && Number.isFinite(max) ? { name: name.trim(), scale: max } : undefined;
}
