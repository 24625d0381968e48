/**
 * What a value looks like without saying what it is: capitals become A, other letters a, digits 9, blanks one blank.
 * Signs stay, what cannot be seen goes.
 */
export const shapeOf = (text: string): string =>
  text.replace(/\s+|[\p{L}\p{M}\p{N}\p{C}]/gu, (found) => {
    if (/^\s/u.test(found)) return ' ';
    if (/^[\p{Lu}\p{Lt}]/u.test(found)) return 'A';
    if (/^\p{N}/u.test(found)) return '9';
    return /^\p{C}/u.test(found) ? '' : 'a';
  });

/** The shape with each run of equal signs as one, so that names of all lengths are alike: `Aa Aa`. */
export const roughShapeOf = (text: string): string => shapeOf(text).replaceAll(/(.)\1+/gu, '$1');

export const shorten = (text: string, most: number): string => {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most).join('')}…`;
};
