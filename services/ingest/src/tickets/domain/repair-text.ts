/**
 * Repairs what transport did to a text. It runs after identity, so a better repair never changes a doc_id.
 *
 * Removed: zero width space, word joiner and BOM, which only hide words from search and from the masker. The joiners
 * U+200C and U+200D stay: Persian and emoji need them.
 *
 * Mojibake is UTF-8 that somebody read as windows-1252: `Ã©` for `é`. A run of such characters is turned back only when its
 * bytes are valid UTF-8 **and** what comes out is likely. Valid alone is not enough: `ß“` of „Spaß“ and `é »` of « café » are
 * valid too, as letters of N’Ko and Chinese. A text that stays broken is a nuisance; a good one that we break is a lie.
 */
export function repair(text: string): string {
  let current = withoutInvisible(text);
  // Text can be misread more than once on its way. Every round shortens it, so there is a last one.
  while (HAS_LEAD.test(current)) {
    const repaired = withoutInvisible(repairLayer(current));
    if (repaired === current) break;
    current = repaired;
  }
  return current;
}

const INVISIBLE = /[\u200B\u2060\uFEFF]/;
const ALL_INVISIBLE = /[\u200B\u2060\uFEFF]/g;

const withoutInvisible = (text: string): string => (INVISIBLE.test(text) ? text.replaceAll(ALL_INVISIBLE, '') : text);

/** Characters of windows-1252 outside ASCII, with their bytes; the five undefined bytes stand for themselves. */
const CP1252_HIGH =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178';
const byteOf = new Map<string, number>(Array.from(CP1252_HIGH, (char, index) => [char, 0x80 + index]));
// Above it, and where somebody read the bytes as ISO-8859-1, a character is its own byte.
for (let byte = 0x80; byte <= 0xff; byte++) byteOf.set(String.fromCharCode(byte), byte);

/** Lead bytes of UTF-8, each followed by as many of the others as it asks for. */
const NEXT = `[\\u0080-\\u00BF${CP1252_HIGH}]`;
const RUN = new RegExp(`(?:[\\u00C2-\\u00DF]${NEXT}|[\\u00E0-\\u00EF]${NEXT}{2}|[\\u00F0-\\u00F4]${NEXT}{3})+`, 'g');
const HAS_LEAD = /[\u00C2-\u00F4]/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What stands in texts of Latin letters: those of Europe and Vietnam, punctuation, signs, emoji; and all of windows-1252,
 * which is what a text that was misread twice turns into first.
 */
const LATIN =
  '\\x81\\x8D\\x8F\\x90\\x9D\\u0192\\u02C6\\u02DC\\u00A0-\\u017F\\u0218-\\u021B\\u1EA0-\\u1EF9\\u200B-\\u200F\\u2010-\\u2060\\u20AC\\u2122\\u2190-\\u24FF\\u25A0-\\u27BF\\uFE0F\\uFEFF\\u{1F000}-\\u{1FAFF}\\u{E0020}-\\u{E007F}';
const SCRIPTS = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Georgian',
  'Greek',
  'Gujarati',
  'Hangul',
  'Han',
  'Hebrew',
  'Hiragana',
  'Katakana',
  'Tamil',
  'Telugu',
  'Thai',
]
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const IS_LATIN = new RegExp(`^[${LATIN}]+$`, 'u');
const IS_LIKELY = new RegExp(`^[${LATIN}${SCRIPTS}\\p{M}\\u3000-\\u303F\\uFF00-\\uFFEF]+$`, 'u');
/** Two letters of another script in a row: chance does not make these, so the text was in that script. */
const HAS_FOREIGN_WORD = new RegExp(`[${SCRIPTS}][${SCRIPTS}\\p{M}]`, 'u');

function repairLayer(text: string): string {
  let isForeign: boolean | undefined;
  return text.replaceAll(RUN, (run: string, at: number) => {
    const decoded = decodeRun(run);
    if (decoded === null) return run;
    if (IS_LATIN.test(decoded)) return endsARealWord(text, run, at) ? run : decoded;
    return IS_LIKELY.test(decoded) && (isForeign ??= holdsForeignWord(text)) ? decoded : run;
  });
}

const holdsForeignWord = (text: string): boolean =>
  Array.from(text.matchAll(RUN), ([run]) => decodeRun(run) ?? '').some(
    (decoded) => IS_LIKELY.test(decoded) && HAS_FOREIGN_WORD.test(decoded),
  );

/** Null when it is not UTF-8 after all (longer than needed, half a surrogate pair). */
function decodeRun(run: string): string | null {
  try {
    return strict.decode(Uint8Array.from(run, (char) => byteOf.get(char)!)); // RUN matches nothing else
  } catch {
    return null;
  }
}

/** `HYVÄ”`, `AMANHÃ…`, `está»…`: an accented letter, in the case of its word, and then what follows words. */
function endsARealWord(text: string, run: string, at: number): boolean {
  const before = text.slice(0, at).at(-1) ?? '';
  const after = text.charAt(at + run.length);
  const isOfItsWord =
    run.charAt(0) < '\u00DF' ? /\p{Lu}/u.test(before) : run.charAt(0) === 'á' && /\p{Ll}/u.test(before);
  return isOfItsWord && /^.[\u00A0«»“”‘’‹›…–—™®©°ªº]+$/.test(run) && !/[\p{Lu}\p{Ll}]/u.test(after);
}
