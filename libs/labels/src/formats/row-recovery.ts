import { textHash } from '../document-key.ts';
import type { ManifestRow, RowManifest } from './row-manifest.ts';
import { textSha256 } from './row-manifest.ts';

/** What an exported item says about its document. */
export interface LostItem {
  readonly url: string | null;
  readonly text: string | null;
}

export type Recovered =
  | { readonly docId: string; readonly text: string | null; readonly note: string | null }
  | { readonly docId: null; readonly why: string };

/** Azure ML numbers the rows of the whole dataset: `…/jsonlines_row_<N>.txt`. */
const ROW = /jsonlines_row_(\d+)(?:\.\w+)?$/;

/** Finds the documents of exported items. A row number is trusted only as far as the text, where there is one, agrees
 * with the manifest's hash; a text that disagrees is looked up by its hash; what stays unclear is said, never guessed. */
export class RowRecovery {
  readonly #rows: readonly ManifestRow[];
  readonly #manifests: readonly RowManifest[];
  readonly #byHash = new Map<string, ManifestRow[]>();
  /** The number of the dataset's first row. */
  readonly #base: number;
  /** True where neither a setting nor a text says which row is the first: it is taken to be 0. */
  readonly isFirstRowAssumed: boolean;

  constructor(manifests: readonly RowManifest[], items: readonly LostItem[], firstRow?: 0 | 1) {
    this.#manifests = manifests;
    this.#rows = manifests.flatMap(({ rows }) => rows);
    for (const row of this.#rows) this.#index(row);
    const base = firstRow ?? this.#evidence(items);
    this.#base = base ?? 0;
    this.isFirstRowAssumed = base === null && items.some(({ url }) => rowNumber(url) !== null);
  }

  recover({ url, text }: LostItem): Recovered {
    if (this.#rows.length === 0) return { docId: null, why: 'no manifest was given' };
    const number = rowNumber(url);
    const row = number === null ? this.#rowOfFile(url) : this.#rows[number - this.#base];
    if (row !== undefined && (text === null || isTextOf(row, text))) {
      return { docId: row.docId, text: text ?? row.text, note: null };
    }
    if (text !== null) return this.#recoverByText(text, row === undefined ? 'no row' : 'another text');
    return { docId: null, why: `${nameOf(url)} is no row of the ${this.#rows.length} in the manifests` };
  }

  /** By text alone, as for formats that have no row numbers. */
  recoverByText(text: string): Recovered {
    return this.#rows.length === 0
      ? { docId: null, why: 'no manifest was given' }
      : this.#recoverByText(text, 'no row');
  }

  #recoverByText(text: string, found: 'no row' | 'another text'): Recovered {
    const rows = this.#byHash.get(textSha256(text)) ?? this.#byHash.get(textHash(text)) ?? [];
    const docIds = new Set(rows.map(({ docId }) => docId));
    const [docId] = docIds;
    if (docIds.size === 1 && docId !== undefined) {
      return { docId, text, note: found === 'no row' ? null : 'found by its text: the row number has another text' };
    }
    const why = docIds.size === 0 ? 'no row of the manifests has this text' : `${docIds.size} documents have this text`;
    return { docId: null, why };
  }

  #index(row: ManifestRow): void {
    if (row.textSha256 === null) return;
    const keys = row.text === null ? [row.textSha256] : [row.textSha256, textHash(row.text)];
    for (const key of new Set(keys)) this.#byHash.set(key, [...(this.#byHash.get(key) ?? []), row]);
  }

  /** A dataset of files: one item is one blob. */
  #rowOfFile(url: string | null): ManifestRow | undefined {
    const path = url?.replace(/^AmlDatastore:\/\/[^/]*\//, '') ?? '';
    const files = path === '' ? [] : this.#manifests.filter(({ blob }) => blob === path || blob.endsWith(`/${path}`));
    const [file] = files;
    return files.length === 1 && file?.rows.length === 1 ? file.rows[0] : undefined;
  }

  // Whether the service counts from 0 or 1 was never documented. Only texts are evidence: a row number that is too high
  // by one looks like counting from 1 and is a row of a lost file just as well, and then every document would be wrong.
  #evidence(items: readonly LostItem[]): 0 | 1 | null {
    const [fromZero = 0, fromOne = 0] = [0, 1].map((base) => items.filter((item) => this.#isHit(item, base)).length);
    if (fromZero === fromOne) return null;
    return fromZero > fromOne ? 0 : 1;
  }

  #isHit({ url, text }: LostItem, base: number): boolean {
    const row = this.#rows[(rowNumber(url) ?? -1) - base];
    return text !== null && row !== undefined && row.textSha256 !== null && isTextOf(row, text);
  }
}

function rowNumber(url: string | null): number | null {
  const digits = ROW.exec(url ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function nameOf(url: string | null): string {
  return url === null ? 'an item without a name' : (url.split('/').at(-1) ?? url);
}

function isTextOf({ textSha256: expected }: ManifestRow, text: string): boolean {
  return expected === null || expected === textSha256(text) || expected === textHash(text);
}
