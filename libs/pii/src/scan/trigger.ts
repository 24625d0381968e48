/** The code units at which a rule may begin. Whatever is not here costs one look-up and nothing else. */
export const DIGIT_TRIGGER = 1;
export const MARK_TRIGGER = 2;
/** A letter that counts only together with the next one. */
export const LETTER_TRIGGER = 3;

const kinds = new Uint8Array(65_536);
const pairs = new Uint8Array(128 * 128);

for (const digit of '0123456789') kinds[digit.charCodeAt(0)] = DIGIT_TRIGGER;
for (const mark of '@:=%&([{<-._\\J') kinds[mark.charCodeAt(0)] = MARK_TRIGGER;
// dot; password, passcode, pwd, PIN; bearer; AKIA, ASIA, AIza
for (const pair of [
  'do',
  'pa',
  'pw',
  'pi',
  'be',
  'Do',
  'DO',
  'Pa',
  'PA',
  'PW',
  'PI',
  'Pi',
  'Be',
  'BE',
  'AK',
  'AS',
  'AI',
]) {
  kinds[pair.charCodeAt(0)] = LETTER_TRIGGER;
  pairs[pair.charCodeAt(0) * 128 + pair.charCodeAt(1)] = 1;
}

export const triggerOf = (code: number): number => kinds[code] as number;
/** `next` may lie beyond the text (NaN) or beyond ASCII: both start nothing. */
export const startsPair = (code: number, next: number): boolean => next < 128 && pairs[code * 128 + next] === 1;
