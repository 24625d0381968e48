import type { Label } from './label.ts';

// Spreadsheets run a cell that begins like a formula, and a ticket's text may. An apostrophe in front makes it a text again. So
// that every text comes back as it was, one more stands in front of a text that begins so already.

/** What spreadsheets take for the beginning of a formula, ASCII and full width; tab and line ends are passed over by some. */
const FORMULA = '=+\\-@\\t\\r\\n＝＋－＠';
const ASKS_FOR_ONE = new RegExp(`^'*[${FORMULA}]`, 'u');
const HAS_ONE = new RegExp(`^'+[${FORMULA}]`, 'u');

export const escapeFormula = (text: string): string => (ASKS_FOR_ONE.test(text) ? `'${text}` : text);

/** The text that was escaped: `unescapeFormula(escapeFormula(text))` is `text`, whatever it is. */
export const unescapeFormula = (text: string): string => (HAS_ONE.test(text) ? text.slice(1) : text);

/** A label as it was said of the escaped text, as said of the text itself: places in it count from one letter earlier. */
export function ofUnescapedText<L extends Pick<Label, 'text' | 'value'>>(label: L): L {
  if (label.text === null || !HAS_ONE.test(label.text)) return label;
  const text = unescapeFormula(label.text);
  if (label.value.kind !== 'spans') return { ...label, text };
  const spans = label.value.spans.map((span) => ({ ...span, start: before(span.start), end: before(span.end) }));
  return { ...label, text, value: { ...label.value, spans } };
}

const before = (place: number): number => Math.max(0, place - 1);
