/**
 * Repairs what transport did to a text. It runs after identity, so a better repair never changes a doc_id.
 *
 * Removed: zero width space, word joiner and BOM, which only hide words from search and from the masker. The joiners
 * U+200C and U+200D stay: Persian and emoji need them.
 *
 * Mojibake is UTF-8 that somebody read as windows-1252: `Ã©` for `é`. A run of such characters is turned back only when its
 * bytes are valid UTF-8, so real text with accents (which is not) stays as it is.
 */
export function repair(text: string): string {
  const visible = INVISIBLE.test(text) ? text.replaceAll(ALL_INVISIBLE, '') : text;
  return repairMojibake(visible);
}

const INVISIBLE = /[\u200B\u2060\uFEFF]/;
const ALL_INVISIBLE = /[\u200B\u2060\uFEFF]/g;

/** Characters of windows-1252 outside ASCII, with their bytes; the five undefined bytes stand for themselves. */
const CP1252_HIGH =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178';
const byteOf = new Map<string, number>(Array.from(CP1252_HIGH, (char, index) => [char, 0x80 + index]));
// Above it, and where somebody read the bytes as ISO-8859-1, a character is its own byte.
for (let byte = 0x80; byte <= 0xff; byte++) byteOf.set(String.fromCharCode(byte), byte);

/** A lead byte of UTF-8 (C2–F4) followed by at least one other character of the set. */
const RUN = new RegExp(`[\\u00C2-\\u00F4][\\u0080-\\u00FF${CP1252_HIGH}]+`, 'g');
const HAS_LEAD = /[\u00C2-\u00F4]/;
const strict = new TextDecoder('utf-8', { fatal: true });

/** Text can be misread more than once on its way; nobody has seen more than three times. */
const MAX_LAYERS = 3;

function repairMojibake(text: string): string {
  let current = text;
  for (let layer = 0; layer < MAX_LAYERS && HAS_LEAD.test(current); layer++) {
    const repaired = current.replaceAll(RUN, decodeRun);
    if (repaired === current) break;
    current = repaired;
  }
  return current;
}

function decodeRun(run: string): string {
  const bytes = Uint8Array.from(run, (char) => byteOf.get(char)!); // RUN matches nothing else
  try {
    return strict.decode(bytes);
  } catch {
    return run; // not UTF-8: these were real letters
  }
}
