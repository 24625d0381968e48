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
