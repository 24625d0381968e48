import { doubtKinds, type DoubtKind } from './doubts.ts';
import type { Excerpt, FoundKind, Report, RowToRead } from './report.ts';

const names: Readonly<Record<DoubtKind, string>> = {
  nameAfterCue: 'name after a cue',
  streetAndNumber: 'street and number',
  atSign: '@',
  longDigits: 'long digits',
  capitalisedRun: 'capitalised words',
  lettersAndDigits: 'letters and digits',
};

const style = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; margin: 1rem 0; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886; }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
  code { font: .9em ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  mark { background: #fd08; color: inherit; border-radius: 3px; }
  .masked { background: #5a98; border-radius: 3px; padding: 0 .2em; font-size: .8em; }
  .scroll { overflow-x: auto; }`;

/** The report as one HTML file that loads nothing. */
export function renderReport(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What was masked</title>
<style>${style}
</style>
</head>
<body>
<h1>What was masked</h1>
<p>${amount(report.rows, 'row')} read, something masked in ${report.rowsMasked}. This page holds no value of the data, only
shapes: <code>A</code> for a capital, <code>a</code> for another letter, <code>9</code> for a digit; signs stay as they are.</p>
<h2>Found</h2>
${renderFound(report.found)}
<h2>Perhaps missed</h2>
${renderDoubts(report)}
</body>
</html>
`;
}

function renderFound(found: readonly FoundKind[]): string {
  if (found.length === 0) return '<p>Nothing.</p>';
  const rows = found.map(({ type, values, rows, shapes }) => [
    escapeText(type),
    values,
    rows,
    shapes.map(({ shape, values }) => `<code>${escapeText(shape)}</code> × ${values}`).join('<br>'),
  ]);
  return table(['kind', 'values', 'rows', 'commonest shapes'], rows);
}

function renderDoubts({ rows, rowsInDoubt, doubts, toRead }: Report): string {
  if (toRead.length === 0) return '<p>No row has a place in doubt.</p>';
  const kinds = doubts.map(({ kind, rows }) => [names[kind], rows, doubtKinds[kind].meaning]);
  return `<p>${rowsInDoubt} of ${amount(rows, 'row')} have a place in doubt: nothing was masked there, and it looks as if something
might have to be. Most such places are harmless. Rows in which none is in doubt can hold personal data all the same.</p>
${table(['in doubt for', 'rows', 'what that is'], kinds)}
<h2>Rows to read</h2>
<p>Open these ${amount(toRead.length, 'row')} in your own file, by their line number. They are the likeliest to hold what was missed; of
rows that look alike, three are shown at most. <mark>Marked</mark> is the place in doubt, <span class="masked">KIND</span>
what was masked. If you find personal data in them, count on more.</p>
<div class="scroll">
${table(['line', 'in doubt for', 'where', 'more alike'], toRead.map(toCells))}
</div>`;
}

const toCells = ({ row, kinds, excerpt, alike }: RowToRead): (string | number)[] => [
  row,
  kinds.map((kind) => names[kind]).join(', '),
  `<code>${excerpt.map(renderExcerpt).join('')}</code>`,
  alike,
];

function renderExcerpt({ is, text }: Excerpt): string {
  if (is === 'doubt') return `<mark>${escapeText(text)}</mark>`;
  return is === 'masked' ? `<span class="masked">${escapeText(text)}</span>` : escapeText(text);
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (name: string, content: string | number): string =>
    `<${name}${typeof content === 'number' ? ' class="number"' : ''}>${content}</${name}>`;
  const body = rows.map((row) => `<tr>${row.map((content) => cell('td', content)).join('')}</tr>`);
  return `<table>
<thead><tr>${heads.map((head) => cell('th', head)).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>`;
}

const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeText = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] as string);
