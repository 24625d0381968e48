import { compareRows } from '@assay/labels/votes';
import type { LabelMessage } from '@assay/shared/contracts/label-message';

/** One content of a label file. */
export interface FileContent {
  readonly path: string;
  readonly generation: number;
  readonly file_sha256: string;
}

export const contentOf = ({ path, sha256, generation }: LabelMessage['origin']): FileContent => ({
  path,
  generation,
  file_sha256: sha256,
});

export const contentKey = ({ path, generation, file_sha256 }: FileContent): string =>
  `${path}\n${generation}\n${file_sha256}`;

/** A row of a label file that says what a vote says. */
export interface Place extends FileContent {
  readonly row_number: number;
  readonly tool: string;
  readonly tool_annotation_id: string | null;
}

export interface KnownPlace extends Place {
  /** Where `annotations` says that the vote stands; exactly one is. */
  readonly is_own: boolean;
  /** The row is no longer in its file. */
  readonly is_removed: boolean;
}

/** What changes in the rows of one content that count as duplicates, or as withdrawn without being a vote's own. */
export interface Booking extends FileContent {
  readonly duplicate_count: number;
  readonly withdrawn_count: number;
}

export interface PlacesMove {
  /** Null where the vote stays. */
  readonly own: Place | null;
  readonly deleted: readonly Place[];
  readonly added: readonly Place[];
  readonly booked: readonly Booking[];
}

/**
 * Where a vote stands, from all places it is known to stand at: the first in row order (docs/label-rules.md#1-order) that is
 * still in its file; when none is, where it stood last, as a withdrawn vote. Each place counts once: as the vote, as a
 * duplicate, or as withdrawn.
 */
export function settlePlaces(known: readonly KnownPlace[], arrived: ReadonlySet<string>): PlacesMove {
  const own = known.find(({ is_own }) => is_own)!;
  const standing = known.filter(({ is_removed }) => !is_removed).toSorted(comparePlaces);
  const next = standing[0] ?? own;
  const others = known.filter((place) => place !== next);
  const isNew = (place: Place) => arrived.has(placeKey(place));
  const wasDuplicate = (place: KnownPlace) => !place.is_own && !isNew(place);
  return {
    own: next === own ? null : next,
    deleted: known.filter((place) => !place.is_own && (place === next || place.is_removed)),
    added: next !== own && !own.is_removed ? [own] : [],
    booked: [
      ...others.filter(({ is_removed }) => !is_removed).map((place) => booking(place, 1, 0)),
      ...others.filter(({ is_removed }) => is_removed).map((place) => booking(place, 0, 1)),
      ...known.filter(wasDuplicate).map((place) => booking(place, -1, 0)),
    ],
  };
}

export const booking = (
  { path, generation, file_sha256 }: FileContent,
  duplicate_count: number,
  withdrawn_count: number,
): Booking => ({ path, generation, file_sha256, duplicate_count, withdrawn_count });

export const placeKey = ({ path, row_number, generation, file_sha256 }: Place): string =>
  [path, row_number, generation, file_sha256].join('\n');

function comparePlaces(left: Place, right: Place): number {
  const inOrder = compareRows({ path: left.path, row: left.row_number }, { path: right.path, row: right.row_number });
  return inOrder === 0 ? left.generation - right.generation : inOrder;
}
