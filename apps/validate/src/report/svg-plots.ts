// Plots for the report, drawn by hand: the page has to be one file that opens anywhere, with no script and no network.
// Colours come from the page's style sheet, so light and dark need no second drawing.

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Shown behind the bar; the value itself where it is missing. */
  readonly shown?: string;
  /** Shown by the browser when the pointer rests on the bar. */
  readonly hint?: string;
}

const WIDTH = 640;
const NAME_WIDTH = 190;
const SHOWN_WIDTH = 110;
const ROW_HEIGHT = 22;

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

/** Horizontal bars, longest first or in the order given; `most` fills the whole width. */
export function barChart(
  title: string,
  bars: readonly Bar[],
  most = Math.max(...bars.map(({ value }) => value)),
): string {
  const room = WIDTH - NAME_WIDTH - SHOWN_WIDTH;
  const rows = bars.map(({ name, value, shown, hint }, at) => {
    const y = at * ROW_HEIGHT;
    const width = most > 0 ? Math.max(0, (value / most) * room) : 0;
    const tip = hint === undefined ? name : hint;
    return [
      `<g><title>${escapeHtml(tip)}</title>`,
      `<text x="${NAME_WIDTH - 8}" y="${y + 15}" class="name">${escapeHtml(shortened(name, 26))}</text>`,
      `<rect x="${NAME_WIDTH}" y="${y + 4}" width="${width.toFixed(1)}" height="${ROW_HEIGHT - 8}" class="bar"/>`,
      `<text x="${(NAME_WIDTH + width + 6).toFixed(1)}" y="${y + 15}" class="value">`,
      `${escapeHtml(shown ?? value.toLocaleString('en'))}</text></g>`,
    ].join('');
  });
  return svg(title, bars.length * ROW_HEIGHT + 4, rows.join('\n'));
}

const HISTOGRAM_HEIGHT = 180;
const AXIS_HEIGHT = 24;
const LEFT = 56;
// Slanted names of the last columns reach beyond their cells.
const RIGHT = 20;

/** Counts over [0, 1] in bins of equal width, with a mark at the threshold. */
export function histogram(title: string, bins: readonly number[], threshold: number): string {
  const most = Math.max(1, ...bins);
  const room = WIDTH - LEFT - 8;
  const binWidth = room / bins.length;
  const bars = bins.map((count, at) => {
    const height = (count / most) * (HISTOGRAM_HEIGHT - 16);
    const from = (at / bins.length).toFixed(2);
    const to = ((at + 1) / bins.length).toFixed(2);
    const x = (LEFT + at * binWidth + 1).toFixed(1);
    const y = (HISTOGRAM_HEIGHT - height).toFixed(1);
    const kind = (at + 1) / bins.length <= threshold + 1e-9 ? 'bar weak' : 'bar';
    const rect = `<rect x="${x}" y="${y}" width="${(binWidth - 2).toFixed(1)}" height="${height.toFixed(1)}" class="${kind}"/>`;
    return `<g><title>${from} to ${to}: ${count.toLocaleString('en')} votes</title>${rect}</g>`;
  });
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => {
    const x = (LEFT + tick * room).toFixed(1);
    return `<text x="${x}" y="${HISTOGRAM_HEIGHT + 16}" class="tick">${tick}</text>`;
  });
  const mark = (LEFT + threshold * room).toFixed(1);
  const line = `<line x1="${mark}" x2="${mark}" y1="0" y2="${HISTOGRAM_HEIGHT}" class="mark"/>`;
  const top = `<text x="${LEFT - 6}" y="22" class="name">${most.toLocaleString('en')}</text>`;
  const axis = `<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${HISTOGRAM_HEIGHT}" y2="${HISTOGRAM_HEIGHT}" class="axis"/>`;
  return svg(title, HISTOGRAM_HEIGHT + AXIS_HEIGHT, [...bars, axis, line, top, ...ticks].join('\n'));
}

export interface PairValue {
  readonly pair: readonly [string, string];
  /** Null: they share items, but the coefficient is undefined. */
  readonly value: number | null;
  readonly items: number;
}

/** Agreement of every two annotators as a square of cells; both halves show the same. Pairs that share nothing stay empty. */
export function heatMap(title: string, names: readonly string[], pairs: readonly PairValue[]): string {
  const margin = 90;
  const cell = Math.min(28, (WIDTH - margin - RIGHT) / names.length);
  const place = new Map(names.map((name, at) => [name, at]));
  const cells = pairs.flatMap(({ pair, value, items }) => {
    const [left, right] = pair.map((name) => place.get(name));
    if (left === undefined || right === undefined) return [];
    const shown = value === null ? 'undefined' : value.toFixed(2);
    const tip = `<title>${escapeHtml(`${pair[0]} and ${pair[1]}: kappa ${shown}, ${items.toLocaleString('en')} shared`)}</title>`;
    const draw = (x: number, y: number) =>
      `<rect x="${(margin + x * cell).toFixed(1)}" y="${(margin + y * cell).toFixed(1)}" width="${(cell - 1).toFixed(1)}" height="${(cell - 1).toFixed(1)}" ${fillOf(value)}>${tip}</rect>`;
    return [draw(left, right), draw(right, left)];
  });
  const labels = names.flatMap((name, at) => {
    const middle = (margin + at * cell + cell / 2 + 4).toFixed(1);
    const text = escapeHtml(shortened(name, 12));
    return [
      `<text x="${margin - 6}" y="${middle}" class="name small">${text}</text>`,
      `<text transform="translate(${middle},${margin - 6}) rotate(-60)" class="small">${text}</text>`,
    ];
  });
  return svg(title, margin + names.length * cell + 4, [...cells, ...labels].join('\n'));
}

/** From no agreement (faint) to full agreement (strong); below chance in the colour of warnings. */
function fillOf(value: number | null): string {
  if (value === null) return 'class="unknown"';
  const strength = Math.min(1, Math.abs(value)) * 0.92 + 0.08;
  return `class="${value < 0 ? 'below' : 'bar'}" fill-opacity="${strength.toFixed(2)}"`;
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

function svg(title: string, height: number, content: string): string {
  const size = `viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-label="${escapeHtml(title)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${content}\n</svg>`;
}
