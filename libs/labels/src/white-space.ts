// White space in UTF-8 bytes: the same characters as String.prototype.trim and \s, so that a byte path and a string
// path never disagree about what is blank.

const isAsciiSpace = new Uint8Array(256);
for (const code of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) isAsciiSpace[code] = 1;

/** Length of the white-space character that starts at `at`, or 0. */
export function spaceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return isAsciiSpace[first] ?? 0;
  if (first === 0xc2) return bytes[at + 1] === 0xa0 && at + 1 < end ? 2 : 0;
  if (at + 2 >= end) return 0;
  return isThreeByteSpace(first, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0) ? 3 : 0;
}

function isThreeByteSpace(first: number, second: number, third: number): boolean {
  switch (first) {
    case 0xe1: // U+1680
      return second === 0x9a && third === 0x80;
    case 0xe2: // U+2000–200A, 2028, 2029, 202F, 205F
      if (second === 0x81) return third === 0x9f;
      return second === 0x80 && (third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf);
    case 0xe3: // U+3000
      return second === 0x80 && third === 0x80;
    case 0xef: // U+FEFF
      return second === 0xbb && third === 0xbf;
    default:
      return false;
  }
}

/** First position at or after `start` that is no white space; `end` where there is none. */
export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const length = spaceLength(bytes, at, end);
    if (length === 0) return at;
    at += length;
  }
  return end;
}

/** End of what is left when white space is cut off the end. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let to = end;
  while (to > start) {
    const length = spaceLengthBefore(bytes, start, to);
    if (length === 0) return to;
    to -= length;
  }
  return to;
}

function spaceLengthBefore(bytes: Uint8Array, start: number, end: number): number {
  const last = bytes[end - 1] ?? 0;
  if (last < 0x80) return isAsciiSpace[last] ?? 0;
  if (end - 2 >= start && spaceLength(bytes, end - 2, end) === 2) return 2;
  return end - 3 >= start && spaceLength(bytes, end - 3, end) === 3 ? 3 : 0;
}
