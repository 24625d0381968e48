// The inside of a JSON string, from UTF-8 bytes to UTF-8 bytes: texts go from a label file into a result file without
// ever becoming a JavaScript string.

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const ZERO = 0x30;
const hexDigits = Buffer.from('0123456789abcdef');

// 0: as it is; 1: as \u00XX; else the letter behind the backslash.
const escapes = new Uint8Array(256);
escapes.fill(1, 0, 0x20);
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\']) {
  escapes[(character ?? '').charCodeAt(0)] = (letter ?? '').charCodeAt(0);
}

/** Writes up to six bytes for each byte; returns how many it wrote. Exactly what JSON.stringify would. */
export function escapeJsonBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let length = at;
  for (let i = start; i < end; i += 1) {
    const byte = from[i] ?? 0;
    const escape = escapes[byte] ?? 0;
    if (escape !== 0) {
      to[length] = BACKSLASH;
      if (escape === 1) {
        length = writeUnicode(byte, to, length + 1);
        continue;
      }
      to[length + 1] = escape;
      length += 2;
      continue;
    }
    to[length] = byte;
    length += 1;
  }
  return length - at;
}

function writeUnicode(byte: number, to: Uint8Array, at: number): number {
  to[at] = LETTER_U;
  to[at + 1] = ZERO;
  to[at + 2] = ZERO;
  to[at + 3] = hexDigits[byte >> 4] ?? ZERO;
  to[at + 4] = hexDigits[byte & 15] ?? ZERO;
  return at + 5;
}

/** How many bytes escapeJsonBytes will write. */
export function escapedJsonLength(from: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let i = start; i < end; i += 1) {
    const escape = escapes[from[i] ?? 0] ?? 0;
    if (escape === 0) length += 1;
    else length += escape === 1 ? 6 : 2;
  }
  return length;
}
