import type { Span } from '../masker.ts';
import type { LabelledText } from './labelled.ts';

/** Letters and digits of labelled values, and how many of them no span of any type covers. */
export interface Leak {
  readonly spans: number;
  readonly characters: number;
  readonly leaked: number;
}

export const leakShare = ({ characters, leaked }: Leak): number => (characters === 0 ? 0 : leaked / characters);

/** What a masker found in a text; with it a second pass can be measured, which takes its time. */
export interface Judged<Row extends LabelledText> {
  readonly row: Row;
  readonly found: readonly Span[];
}

/** What leaks, by whatever a span is grouped by: its type, its text's language, both. */
export function measureLeak<Row extends LabelledText>(
  judged: readonly Judged<Row>[],
  groupsOf: (row: Row, type: string) => readonly string[],
): ReadonlyMap<string, Leak> {
  const leaks = new Map<string, Leak>();
  for (const { row, found } of judged) {
    for (const [start, end, type] of row.spans) {
      const { characters, leaked } = leakOf(row.text, start, end, found);
      for (const group of groupsOf(row, type)) {
        const sum = leaks.get(group) ?? { spans: 0, characters: 0, leaked: 0 };
        leaks.set(group, {
          spans: sum.spans + 1,
          characters: sum.characters + characters,
          leaked: sum.leaked + leaked,
        });
      }
    }
  }
  return leaks;
}

function leakOf(text: string, start: number, end: number, found: readonly Span[]): Omit<Leak, 'spans'> {
  let characters = 0;
  let leaked = 0;
  for (const { 0: character, index } of text.slice(start, end).matchAll(/[\p{L}\p{N}]/gu)) {
    const at = start + index;
    characters += character.length;
    if (!found.some((span) => span.start <= at && at < span.end)) leaked += character.length;
  }
  return { characters, leaked };
}

/** The texts in which something was masked that touches no labelled value. */
export const wronglyChanged = <Row extends LabelledText>(judged: readonly Judged<Row>[]): readonly Row[] =>
  judged
    .filter(({ row, found }) =>
      found.some((span) => !row.spans.some(([start, end]) => span.start < end && start < span.end)),
    )
    .map(({ row }) => row);
