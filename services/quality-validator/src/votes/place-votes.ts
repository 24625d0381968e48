import type { Transaction } from '@assay/shared/postgres/statement';
import { type Booking, type KnownPlace, type Place, placeKey, settlePlaces } from './domain/vote-places.ts';
import { lockHeads, openHeads } from './labels.sql.ts';
import { deleteVotePlaces, findRemovedVotes, insertVotePlaces, moveVotes, readVotePlaces } from './places.sql.ts';

export type VotePlace = Place & { readonly annotation_id: string };
type KnownVotePlace = KnownPlace & { readonly annotation_id: string };

/**
 * Votes that got another place, or lost one, are put where they stand now. Under the locks of their documents, so that two
 * transactions that each know of one place never both decide; whoever judges afterwards holds them already.
 */
export async function placeVotes(
  tx: Transaction,
  docIds: readonly string[],
  arrived: readonly VotePlace[],
  hasRemovals: boolean,
): Promise<readonly Booking[]> {
  if (arrived.length === 0 && !hasRemovals) return [];
  await tx.query(openHeads, [docIds]);
  await tx.query(lockHeads, [docIds]);
  if (arrived.length > 0) await tx.query(insertVotePlaces, [JSON.stringify(arrived)]);
  const removed = hasRemovals ? await tx.query<{ annotation_id: string }>(findRemovedVotes, [docIds]) : [];
  const ids = [...new Set([...arrived, ...removed].map(({ annotation_id }) => annotation_id))];
  if (ids.length === 0) return [];
  const places = await tx.query<KnownVotePlace>(readVotePlaces, [ids]);
  const arrivedKeys = new Set(arrived.map(voteKey));
  return storeMoves(
    tx,
    Map.groupBy(places, ({ annotation_id }) => annotation_id),
    arrivedKeys,
  );
}

const voteKey = (place: VotePlace): string => `${place.annotation_id}\n${placeKey(place)}`;

async function storeMoves(
  tx: Transaction,
  places: ReadonlyMap<string, readonly KnownVotePlace[]>,
  arrived: ReadonlySet<string>,
): Promise<readonly Booking[]> {
  const moves = [...places].map(([annotation_id, known]) => {
    const isNew = new Set(known.filter((place) => arrived.has(voteKey(place))).map(placeKey));
    return { annotation_id, ...settlePlaces(known, isNew) };
  });
  const rowsOf = (pick: (move: (typeof moves)[number]) => readonly Place[]) =>
    moves.flatMap((move) => pick(move).map((place) => ({ ...place, annotation_id: move.annotation_id })));
  const deleted = rowsOf((move) => move.deleted);
  const moved = rowsOf(({ own }) => (own === null ? [] : [own]));
  const added = rowsOf((move) => move.added);
  if (deleted.length > 0) await tx.query(deleteVotePlaces, [JSON.stringify(deleted)]);
  if (moved.length > 0) await tx.query(moveVotes, [JSON.stringify(moved)]);
  if (added.length > 0) await tx.query(insertVotePlaces, [JSON.stringify(added)]);
  return moves.flatMap(({ booked }) => booked);
}
