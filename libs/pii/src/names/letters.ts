/**
 * Words of names are compared by base letters: `Müller`, `MULLER` and `muller` are one word, and Cyrillic and Greek
 * letters count as the Latin one they sound like, so that one list serves all spellings. Only capitals tell a name.
 */

const first = 0xc0;
const last = 0x2000;

/** A letter that has no base: of a script without capitals, or of one that is not listed. */
export const OTHER_LETTER = 0x80;

const bases = new Uint8Array(last);
const capitals = new Uint8Array(last);

/** The lower-case ASCII letter that a letter counts as; `OTHER_LETTER` for a letter without one; 0 for no letter. */
export const baseOf = (unit: number): number => {
  if (unit < last) return bases[unit] as number;
  return unit >= 0x2c00 && unit < 0xfb00 && (unit < 0xd800 || unit > 0xf8ff) ? OTHER_LETTER : 0;
};

/** What a letter counts as in the hash of a word: its base, or itself. */
export const keyOf = (unit: number): number => {
  const base = baseOf(unit);
  return base === OTHER_LETTER ? unit : base;
};

export const isLetterUnit = (unit: number): boolean => baseOf(unit) !== 0;

export const isCapitalUnit = (unit: number): boolean => unit < last && capitals[unit] === 1;

/** A word by its base letters; empty when it holds anything else than letters with a base. */
export function baseWord(word: string): string {
  let out = '';
  for (const unit of word.normalize('NFC').split('')) {
    const base = baseOf(unit.charCodeAt(0));
    if (base === 0 || base === OTHER_LETTER) return '';
    out += String.fromCharCode(base);
  }
  return out;
}

/** Letters that no accent explains, each followed by its base. */
const further =
  'ßsøoæaœołlđdðdþtıiəaħhŋnʻa' +
  'аaбbвvгgґgдdеeёeєeжzзzиiіiїiйyкkлlмmнnоoпpрrсsтtуuўuфfхhцcчcшsщsъaыyьaэeюuяaѓgќkљlњnџdђdћcјjѕz' +
  'αaβvγgδdεeζzηiθtιiκkλlμmνnξxοoπpρrσsςsτtυyφfχhψpωo';

function fill(): void {
  for (let unit = 65; unit <= 90; unit++) {
    bases[unit] = bases[unit + 32] = unit + 32;
    capitals[unit] = 1;
  }
  const base = new Map<string, string>();
  for (let i = 0; i < further.length; i += 2) base.set(further[i] as string, further[i + 1] as string);
  for (let unit = first; unit < last; unit++) {
    const letter = String.fromCharCode(unit);
    if (!/\p{L}/u.test(letter)) continue;
    const lowered = letter.toLowerCase();
    if (lowered !== letter && lowered.length === 1) capitals[unit] = 1;
    const plain = base.get(lowered) ?? lowered.normalize('NFD').charAt(0);
    const known = base.get(plain) ?? plain;
    bases[unit] = /^[a-z]$/.test(known) ? known.charCodeAt(0) : OTHER_LETTER;
  }
}

fill();
