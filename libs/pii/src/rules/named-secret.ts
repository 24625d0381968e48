import { rank } from '../entity.ts';
import { isAlpha, isBlank, isDigit, isWord, lower } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import { BULLET } from '../scan/fold.ts';
import type { Gap } from '../scan/gap.ts';

/** Secrets that a name gives away: `password: …`, `AccountKey=…`, `"api_key": "…"`, `my PIN is 1234`. */

const names = [
  'password',
  'passwd',
  'passphrase',
  'passwort',
  'passcode',
  'pwd',
  'pass',
  'secret',
  'token',
  'apikey',
  'accesskey',
  'secretkey',
  'accountkey',
  'privatekey',
  'signingkey',
  'authkey',
  'sharedaccesskey',
  'signature',
  'sig',
  'contraseña',
  'motdepasse',
  'kennwort',
  'senha',
  'pin',
  'cvv',
  'cvc',
  'cvv2',
  'otp',
];
/** Their values are a few digits. */
const codeNames = new Set(['pin', 'cvv', 'cvc', 'cvv2', 'otp']);
/** In sentences these words are followed by other things than their value. */
const talkative = new Set(['token', 'secret', 'signature', 'sig', 'pass']);

const byLastLetter = new Map<number, string[]>();
for (const name of names) {
  const last = name.charCodeAt(name.length - 1);
  byLastLetter.set(last, [...(byLastLetter.get(last) ?? []), name]);
}

/** At the `:` or `=` behind the name. */
export function findNamedSecret(gap: Gap, mark: number, findings: Findings): number {
  const quoted = isQuote(gap.at(mark - 1));
  const name = nameBefore(gap, quoted || gap.at(mark - 1) === 32 ? mark - 1 : mark);
  if (name === undefined) return 0;
  let start = mark + 1;
  while (start < mark + 4 && isBlank(gap.at(start)) && gap.at(start) !== 10) start++;
  const quote = isQuote(gap.at(start)) ? gap.at(start++) : 0;
  const end = endOfValue(gap, start, quote, gap.at(mark) === 61);
  if (!isSecretValue(gap, start, end, name, quote !== 0 || gap.at(mark) === 61)) return 0;
  findings.add(start, end, 'SECRET', rank.NAMED_SECRET);
  return end;
}

/** `password is hunter2!Blue`, at the first letter of the name. */
export function findSpokenSecret(gap: Gap, at: number, findings: Findings): number {
  if (isWord(gap.at(at - 1))) return 0;
  let i = at;
  while (i < at + 12 && isWord(gap.at(i))) i++;
  const name = nameBefore(gap, i);
  if (name === undefined || name.length !== i - at) return 0;
  const verb = [' is ', ' was ', ' is: ', ' ist '].find((each) => gap.hasWord(i, each));
  if (verb === undefined) return 0;
  const start = i + verb.length;
  const quote = isQuote(gap.at(start)) ? 1 : 0;
  const end = endOfValue(gap, start + quote, quote === 1 ? gap.at(start) : 0, false);
  if (!isSecretValue(gap, start + quote, end, name, false)) return 0;
  findings.add(start + quote, end, 'SECRET', rank.NAMED_SECRET);
  return end;
}

const isQuote = (code: number): boolean => code === 34 || code === 39 || code === 96;

function nameBefore(gap: Gap, end: number): string | undefined {
  return byLastLetter.get(lower(gap.at(end - 1)))?.find((name) => endsWithName(gap, end, name));
}

/** `name` stands before `end`, in any case, with or without `_` and `-` inside; short ones only as a whole word. */
function endsWithName(gap: Gap, end: number, name: string): boolean {
  let i = end - 1;
  for (let letter = name.length - 1; letter >= 0; letter--) {
    if (letter < name.length - 1 && (gap.at(i) === 95 || gap.at(i) === 45)) i--;
    if (lower(gap.at(i)) !== name.charCodeAt(letter)) return false;
    i--;
  }
  return name.length > 4 || !isWord(gap.at(i));
}

const LONGEST_VALUE = 128;

function endOfValue(gap: Gap, start: number, quote: number, isQuery: boolean): number {
  let i = start;
  for (; i < start + LONGEST_VALUE; i++) {
    const code = gap.at(i);
    if (code === 0 || code === 10 || code === 13) break;
    if (quote !== 0 ? code === quote : endsValue(code, isQuery)) break;
  }
  if (quote === 0) while (i > start && isTrailing(gap.at(i - 1))) i--;
  return i;
}

const endsValue = (code: number, isQuery: boolean): boolean =>
  isBlank(code) ||
  code === 34 ||
  code === 39 ||
  code === 44 ||
  code === 59 ||
  code === 60 ||
  code === 62 ||
  (isQuery && code === 38);

const isTrailing = (code: number): boolean =>
  code === 46 || code === 33 || code === 63 || code === 41 || code === 93 || code === 125;

/** @param isMarked quotes or an equals sign say that this is a value, and not the next word of a sentence. */
function isSecretValue(gap: Gap, start: number, end: number, name: string, isMarked: boolean): boolean {
  const length = end - start;
  let digits = 0;
  let marks = 0;
  let letters = 0;
  let stars = 0;
  for (let i = start; i < end; i++) {
    const code = gap.at(i);
    if (isDigit(code)) digits++;
    else if (isAlpha(code)) letters++;
    else if (code === 42 || code === BULLET) stars++;
    else marks++;
  }
  if (codeNames.has(name)) return digits === length && length > 2 && length < 9;
  if (stars > 2 || length < 3 || gap.at(start) === 36 || gap.at(start) === 123) return false;
  if (name === 'token' || name === 'signature' || name === 'sig') return length > 7 && digits > 0;
  if (isMarked) return length > 3 && !isPlaceholderWord(gap, start, end);
  if (length < 6 || (letters === 0 && digits < 6)) return false;
  return digits > 0 && (letters > 0 || !talkative.has(name))
    ? true
    : marks > 0 && letters > 0 && !isHyphenated(gap, start, end);
}

/** `two-factor`, `not.`: words with the marks that words have. */
function isHyphenated(gap: Gap, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = gap.at(i);
    if (!isWord(code) && code !== 45 && code !== 39 && code !== 46 && code !== 47) return false;
  }
  return true;
}

const placeholders = new Set([
  'null',
  'true',
  'false',
  'none',
  'undefined',
  'required',
  'xxxx',
  'redacted',
  'string',
  'empty',
]);

const isPlaceholderWord = (gap: Gap, start: number, end: number): boolean =>
  end - start < 12 && placeholders.has(gap.slice(start, end).toLowerCase());
