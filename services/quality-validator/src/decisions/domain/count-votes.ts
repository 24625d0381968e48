import { createHash } from 'node:crypto';
import { type CountRow, countChange, type NamedVote } from '@assay/agreement/count-rows';
import type { VoteRow } from '../../votes/domain/vote-row.ts';

/** A count of one field, with the digests it is found by: a key has no bound, an index row has. */
export interface FieldCount extends CountRow {
  readonly field: string;
  readonly key_digest: string;
  /** Of the two annotators of a pair; null for other counts. */
  readonly pair_digest: string | null;
}

/**
 * Votes of one field of one document that agreement is counted over. Each pair of them is a count: 50 votes are 1,225, and
 * the thousands that a hostile file can bring would be millions in one transaction.
 */
export const VOTES_COUNTED = 50;

/** What to add to the counts when a document's live votes go from `before` to `after`. */
export function countChanges(before: readonly VoteRow[], after: readonly VoteRow[]): readonly FieldCount[] {
  const [left, right] = [countedVotes(before), countedVotes(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((field) =>
    countChange(namesOf(left.get(field)), namesOf(right.get(field))).map((row) => ({
      ...row,
      field,
      key_digest: digestOf(row.kind, row.key, field),
      pair_digest: row.kind === 'pair' ? pairDigestOf(field, ratersOf(row.key)) : null,
    })),
  );
}

/** By field. In order of a digest, which never changes: the same live votes take out again what they once put in. */
export function countedVotes(live: readonly VoteRow[]): ReadonlyMap<string, readonly VoteRow[]> {
  const byId = (a: VoteRow, b: VoteRow) => (a.annotation_id < b.annotation_id ? -1 : 1);
  const fields = Map.groupBy(live, ({ field }) => field);
  return new Map([...fields].map(([field, votes]) => [field, votes.toSorted(byId).slice(0, VOTES_COUNTED)]));
}

const namesOf = (votes: readonly VoteRow[] = []): NamedVote[] =>
  votes.map(({ annotator_id, label }) => [annotator_id, label]);

const ratersOf = (key: string): [string, string] => {
  const [[a], [b]] = JSON.parse(key) as [[string], [string]];
  return [a, b];
};

/** `raters` in the order in which a count's key names them. */
export const pairDigestOf = (field: string, raters: readonly [string, string]): string =>
  digestOf(JSON.stringify(raters), field);

/** The migration 0008-bounded-keys.sql makes the same. Neither a kind nor JSON holds a line feed, so no two keys meet. */
function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
