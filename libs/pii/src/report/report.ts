import type { Span } from '../masker.ts';
import { doubtKinds, findDoubts, type Doubt, type DoubtKind } from './doubts.ts';
import { roughShapeOf, shapeOf, shorten } from './shape.ts';

/** What masking did to a data set, without a value of it. */
export interface Report {
  readonly rows: number;
  readonly rowsMasked: number;
  readonly found: readonly FoundKind[];
  readonly doubts: readonly { readonly kind: DoubtKind; readonly rows: number }[];
  readonly rowsInDoubt: number;
  /** The rows most likely to hold what was missed, the likeliest first. */
  readonly toRead: readonly RowToRead[];
}

export interface FoundKind {
  readonly type: string;
  readonly values: number;
  readonly rows: number;
  /** The commonest first. */
  readonly shapes: readonly { readonly shape: string; readonly values: number }[];
}

export interface RowToRead {
  readonly row: number;
  readonly kinds: readonly DoubtKind[];
  /** How many rows more are in doubt for the same reason and look the same there. */
  readonly alike: number;
  readonly excerpt: readonly Excerpt[];
}

/** A piece of a row: the kind of what is masked there, or a shape, in doubt or not. */
export interface Excerpt {
  readonly is: 'masked' | 'doubt' | 'plain';
  readonly text: string;
}

export interface ReportBuilder {
  /** `row` is the number by which a person finds the row again. */
  add(row: number, text: string, spans: readonly Span[]): void;
  finish(): Report;
}

/** What a page holds, and what is kept while reading, whatever the size of the data set. */
const most = { rowsToRead: 50, rowsAlike: 3, looks: 20_000, shapesKept: 1000, shapesShown: 5 } as const;

interface Tally {
  values: number;
  rows: number;
  readonly shapes: Map<string, number>;
}

interface Look {
  count: number;
  readonly examples: (Omit<RowToRead, 'alike'> & { readonly weight: number })[];
}

export function createReport(): ReportBuilder {
  const found = new Map<string, Tally>();
  const doubted = new Map<DoubtKind, number>();
  const looks = new Map<string, Look>();
  const counts = { rows: 0, rowsMasked: 0, rowsInDoubt: 0 };

  const add: ReportBuilder['add'] = (row, text, spans) => {
    counts.rows++;
    if (spans.length > 0) counts.rowsMasked++;
    countFound(found, text, spans);
    const doubts = findDoubts(text, spans);
    const heaviest = doubts.toSorted((a, b) => doubtKinds[b.kind].weight - doubtKinds[a.kind].weight)[0];
    if (heaviest === undefined) return;
    counts.rowsInDoubt++;
    const kinds = [...new Set(doubts.map(({ kind }) => kind))];
    for (const kind of kinds) doubted.set(kind, (doubted.get(kind) ?? 0) + 1);
    const look = lookOf(
      looks,
      `${heaviest.kind} ${shorten(roughShapeOf(text.slice(heaviest.start, heaviest.end)), 40)}`,
    );
    if (look === undefined) return;
    look.count++;
    if (look.examples.length >= most.rowsAlike) return;
    const weight = kinds.reduce((sum, kind) => sum + doubtKinds[kind].weight, 0);
    look.examples.push({ row, kinds, weight, excerpt: excerptAround(text, heaviest, spans, doubts) });
  };

  const finish = (): Report => ({
    ...counts,
    found: [...found].map(toFoundKind).toSorted((a, b) => b.values - a.values || (a.type < b.type ? -1 : 1)),
    doubts: (Object.keys(doubtKinds) as DoubtKind[]).flatMap((kind) => {
      const rows = doubted.get(kind);
      return rows === undefined ? [] : [{ kind, rows }];
    }),
    toRead: rowsToRead(looks),
  });
  return { add, finish };
}

function countFound(found: Map<string, Tally>, text: string, spans: readonly Span[]): void {
  for (const { start, end, type } of spans) {
    const tally = found.get(type) ?? { values: 0, rows: 0, shapes: new Map<string, number>() };
    found.set(type, tally);
    tally.values++;
    const shape = shorten(shapeOf(text.slice(start, end)), 48);
    if (tally.shapes.has(shape) || tally.shapes.size < most.shapesKept)
      tally.shapes.set(shape, (tally.shapes.get(shape) ?? 0) + 1);
  }
  for (const type of new Set(spans.map((span) => span.type))) (found.get(type) as Tally).rows++;
}

function toFoundKind([type, { values, rows, shapes }]: readonly [string, Tally]): FoundKind {
  const inOrder = [...shapes].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    type,
    values,
    rows,
    shapes: inOrder.slice(0, most.shapesShown).map(([shape, count]) => ({ shape, values: count })),
  };
}

/** Nothing when there are too many looks already. */
function lookOf(looks: Map<string, Look>, name: string): Look | undefined {
  const known = looks.get(name);
  if (known !== undefined || looks.size >= most.looks) return known;
  const look: Look = { count: 0, examples: [] };
  looks.set(name, look);
  return look;
}

/** Heaviest first. Of rows that look alike only a few: whoever has seen three order numbers has seen them all. */
function rowsToRead(looks: ReadonlyMap<string, Look>): RowToRead[] {
  return [...looks.values()]
    .flatMap(({ count, examples }) => examples.map((example) => ({ ...example, alike: count - examples.length })))
    .toSorted((a, b) => b.weight - a.weight || a.row - b.row)
    .slice(0, most.rowsToRead)
    .map(({ row, kinds, alike, excerpt }) => ({ row, kinds, alike, excerpt }));
}

const AROUND = 60;

function excerptAround(
  text: string,
  { start, end }: Doubt,
  spans: readonly Span[],
  doubts: readonly Doubt[],
): Excerpt[] {
  const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, end + AROUND)];
  const pieces = [
    ...spans.map((span) => ({ ...span, is: 'masked' as const })),
    ...doubts.map((doubt) => ({ ...doubt, is: 'doubt' as const })),
  ]
    .filter((piece) => piece.end > from && piece.start < to)
    .toSorted((a, b) => a.start - b.start);
  const excerpt: Excerpt[] = from > 0 ? [{ is: 'plain', text: '…' }] : [];
  let at = from;
  for (const piece of pieces) {
    excerpt.push(plain(text.slice(at, Math.max(at, piece.start))));
    const shape = shorten(shapeOf(text.slice(piece.start, piece.end)), AROUND);
    excerpt.push({ is: piece.is, text: piece.is === 'masked' ? piece.type : shape });
    at = Math.max(at, piece.end);
  }
  excerpt.push(plain(text.slice(at, Math.max(at, to))));
  if (to < text.length) excerpt.push({ is: 'plain', text: '…' });
  return excerpt.filter((piece) => piece.text !== '');
}

const plain = (text: string): Excerpt => ({ is: 'plain', text: shapeOf(text) });
