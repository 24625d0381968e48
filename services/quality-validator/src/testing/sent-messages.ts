import type { LabelChange, LabelMessage, RemovalMessage } from '@assay/shared/contracts/label-message';
import type { SentFile } from './label-history.ts';

/** Row → message, as it was sent, or may have been. */
type Rows = ReadonlyMap<number, LabelMessage>;

/**
 * What annotation-bridge sends of a file whose contents come one after the other: rows that changed or are new, then what is
 * no longer there. A content can be given up half-way for the next one; then nobody knows what of it was sent, and a row is
 * unchanged only where both have it.
 */
export function sentMessages({ contents }: SentFile): readonly LabelChange[] {
  let whole: Rows = new Map();
  let givenUp: Rows[] = [];
  return contents.flatMap(({ rows, attempts, isGivenUp }) => {
    const earlier = [whole, ...givenUp];
    const before = (row: number) => earlier.flatMap((one) => one.get(row) ?? []);
    const kept = (row: LabelMessage) => {
      const [first, ...others] = earlier.map((one) => one.get(row.origin.row));
      return first !== undefined && says(first) === says(row) && others.every((other) => other === first)
        ? first
        : null;
    };
    const content = new Map(rows.map((row) => [row.origin.row, kept(row) ?? row]));
    const labels = rows.filter((row) => content.get(row.origin.row) === row);
    const generation = contents.findIndex((one) => one.rows === rows) + 1;
    const places = [...new Set(earlier.flatMap((one) => [...one.keys()]))].toSorted((a, b) => a - b);
    const removals = places
      .filter((row) => !before(row).includes(content.get(row)!))
      .flatMap((row) => before(row).map((old) => removalOf(old, generation)));
    const messages = [...labels, ...removals];
    const tries = attempts.flatMap((upTo) => messages.slice(0, upTo));
    if (isGivenUp) {
      givenUp.push(content);
      return tries;
    }
    [whole, givenUp] = [content, []];
    return [...tries, ...messages];
  });
}

/** All but where it stands. */
const says = ({ origin: { tool, tool_annotation_id }, ...row }: LabelMessage): string =>
  JSON.stringify([row, tool, tool_annotation_id]);

const removalOf = ({ doc_id, text_hash, origin }: LabelMessage, generation: number): RemovalMessage => ({
  v: 1,
  op: 'remove',
  doc_id,
  text_hash,
  origin: { path: origin.path, row: origin.row, generation },
});
