// The original's human log, `text | labelA,labelB | 2`, made reversible: a text may hold a pipe or a newline, so both are
// escaped, as is everything else that any tool takes for the end of a line.

const SPECIAL = /[\\|,\p{Cc}\u2028\u2029]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export interface DisagreementLine {
  readonly text: string;
  readonly labels: readonly string[];
}

/** One line, without its newline. */
export function formatDisagreementLine({ text, labels }: DisagreementLine): string {
  const names = labels.map((label) => escape(label, true));
  return `${escape(text, false)} | ${names.join(',')} | ${labels.length}`;
}

/** Undefined for a line that is not one of ours. */
export function parseDisagreementLine(line: string): DisagreementLine | undefined {
  const [text, names, count, rest] = split(line, '|');
  if (text === undefined || names === undefined || count === undefined || rest !== undefined) return undefined;
  const labels = split(names.slice(1, -1), ',').map(unescape);
  return { text: unescape(text.slice(0, -1)), labels: count === ' 0' ? [] : labels };
}

// Commas separate labels only; in a text they stay as they are, for the reader's sake.
function escape(text: string, isLabel: boolean): string {
  return text.replace(SPECIAL, (character) => {
    if (character === ',') return isLabel ? '\\,' : ',';
    if (character === '\\' || character === '|') return `\\${character}`;
    return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-f]{4}|.)/g, (_match, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const found = Object.entries(shortEscapes).find(([, escaped]) => escaped === `\\${code}`);
    return found?.[0] ?? code;
  });
}

/** Splits at separators that no backslash precedes. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}
