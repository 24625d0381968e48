import * as sql from '../votes/places.sql.ts';
import { type Place, placeKey } from '../votes/domain/vote-places.ts';
import type { VoteRow } from '../votes/domain/vote-row.ts';

export interface Withdrawal {
  readonly tool: string;
  readonly tool_annotation_id: string;
  readonly raw_annotation_path: string;
  readonly raw_row: number;
  readonly generation: number;
}
type VotePlace = Place & { readonly annotation_id: string };
type RemovedRow = Pick<Place, 'path' | 'row_number' | 'generation'> & { readonly text_hash?: string | null };
type Origin = Pick<Place, 'tool' | 'tool_annotation_id'>;
type Handler = (...values: never[]) => readonly unknown[];

const keyOf = (...parts: readonly unknown[]): string => parts.join('\n');
const parse = <T>(json: string): T => JSON.parse(json) as T;
const originKey = ({ tool, tool_annotation_id }: Origin): string => keyOf(tool, tool_annotation_id);

/** The statements of places.sql.ts over maps. */
export class MemoryPlaces {
  /** By document. */
  readonly #textHashes: ReadonlyMap<string, string>;
  readonly #annotations: Map<string, VoteRow>;
  readonly #withdrawals: Map<string, Withdrawal>;
  readonly #removed = new Map<string, number>();
  readonly #places = new Map<string, VotePlace>();

  constructor(
    textHashes: ReadonlyMap<string, string>,
    annotations: Map<string, VoteRow>,
    withdrawals: Map<string, Withdrawal>,
  ) {
    this.#textHashes = textHashes;
    this.#annotations = annotations;
    this.#withdrawals = withdrawals;
  }

  standingOf(row: VoteRow) {
    const standing = this.#standingKeys();
    const others = [...this.#places.values()].filter(({ annotation_id }) => annotation_id === row.annotation_id);
    return {
      is_removed: this.#isRemoved(ownPlace(row)),
      is_withdrawn:
        standing.has(keyOf('content', row.annotation_id)) ||
        (standing.has(originKey(row)) && others.every((place) => standing.has(originKey(place)))),
    };
  }

  countWithdrawals() {
    const standing = [...this.#withdrawals.values()].filter((one) => this.#isStanding(one));
    const different = this.#standingKeys().size;
    return { different, repeats: standing.length - different, removed: this.#withdrawals.size - standing.length };
  }

  readonly handlers: Readonly<Record<string, Handler>> = {
    [sql.noteRemovedRows.name]: (rows: string) =>
      parse<RemovedRow[]>(rows).flatMap(({ path, row_number, generation }) => {
        const key = keyOf(path, row_number);
        this.#removed.set(key, Math.max(generation, this.#removed.get(key) ?? 0));
        return [];
      }),
    [sql.findRemovedRows.name]: (rows: string) => parse<RemovedRow[]>(rows).filter((row) => this.#isRemoved(row)),
    [sql.findRemovedDocuments.name]: (rows: string) => this.#findDocuments(parse(rows)),
    [sql.findRemovedVotes.name]: (docIds: string[]) =>
      [...this.#annotations.values()].filter(
        (row) => docIds.includes(row.doc_id) && this.#placesOf(row).some((place) => this.#isRemoved(place)),
      ),
    [sql.insertVotePlaces.name]: (rows: string) =>
      parse<VotePlace[]>(rows).flatMap((place) => {
        const key = keyOf(place.annotation_id, placeKey(place));
        if (!this.#places.has(key)) this.#places.set(key, place);
        return [];
      }),
    [sql.readVotePlaces.name]: (ids: string[]) =>
      ids.flatMap((id) =>
        this.#placesOf(this.#annotations.get(id)!).map((place, index) => ({
          ...place,
          is_own: index === 0,
          is_removed: this.#isRemoved(place),
        })),
      ),
    [sql.moveVotes.name]: (rows: string) =>
      parse<VotePlace[]>(rows).flatMap(({ annotation_id, path, row_number, ...place }) => {
        const known = this.#annotations.get(annotation_id)!;
        const moved = { ...known, ...place, raw_annotation_path: path, raw_row: row_number };
        this.#annotations.set(annotation_id, moved);
        return [];
      }),
    [sql.deleteVotePlaces.name]: (rows: string) =>
      parse<VotePlace[]>(rows).flatMap((place) => {
        this.#places.delete(keyOf(place.annotation_id, placeKey(place)));
        return [];
      }),
    [sql.findWithdrawals.name]: (rows: string) => {
      const wanted = new Set(parse<Withdrawal[]>(rows).map(originKey));
      return [...this.#withdrawals.values()].filter((one) => wanted.has(originKey(one)));
    },
    [sql.insertWithdrawals.name]: (rows: string) =>
      parse<Withdrawal[]>(rows).flatMap((row) => {
        this.#withdrawals.set(keyOf(originKey(row), row.raw_annotation_path, row.raw_row, row.generation), row);
        return [];
      }),
    [sql.findWithdrawnDocuments.name]: (rows: string) => this.#documentsOf(parse<Withdrawal[]>(rows)),
  };

  #findDocuments(removals: readonly RemovedRow[]) {
    const isAt = (place: Omit<RemovedRow, 'generation'>, removal: RemovedRow) =>
      place.path === removal.path && place.row_number === removal.row_number;
    const votes = [...this.#annotations.values()].filter((row) =>
      removals.some((removal) => {
        const [own, ...others] = this.#placesOf(row);
        const isNamed = removal.text_hash === this.#textHashes.get(row.doc_id);
        return (isNamed && isAt(own!, removal)) || others.some((place) => isAt(place, removal));
      }),
    );
    const takenBack = [...this.#withdrawals.values()].filter((one) =>
      removals.some((removal) => isAt({ path: one.raw_annotation_path, row_number: one.raw_row }, removal)),
    );
    return [...votes, ...this.#documentsOf(takenBack)];
  }

  #documentsOf(withdrawals: readonly Withdrawal[]): readonly VoteRow[] {
    const keys = new Set(withdrawals.map(originKey));
    return [...this.#annotations.values()].filter(
      (row) =>
        keys.has(keyOf('content', row.annotation_id)) ||
        this.#placesOf(row).some((place) => keys.has(originKey(place))),
    );
  }

  /** Its own first. */
  #placesOf(row: VoteRow): readonly VotePlace[] {
    const others = [...this.#places.values()].filter(({ annotation_id }) => annotation_id === row.annotation_id);
    return [ownPlace(row), ...others];
  }

  #isRemoved({ path, row_number, generation }: RemovedRow): boolean {
    return (this.#removed.get(keyOf(path, row_number)) ?? 0) > generation;
  }

  #isStanding({ raw_annotation_path: path, raw_row: row_number, generation }: Withdrawal): boolean {
    return !this.#isRemoved({ path, row_number, generation });
  }

  #standingKeys(): ReadonlySet<string> {
    return new Set([...this.#withdrawals.values()].filter((one) => this.#isStanding(one)).map(originKey));
  }
}

const ownPlace = ({ raw_annotation_path: path, raw_row: row_number, ...row }: VoteRow): VotePlace => ({
  annotation_id: row.annotation_id,
  path,
  row_number,
  generation: row.generation,
  file_sha256: row.file_sha256,
  tool: row.tool,
  tool_annotation_id: row.tool_annotation_id,
});
