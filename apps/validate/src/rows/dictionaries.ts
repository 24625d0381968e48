import { parseLabelCell } from '@assay/labels/label-cell';
import { labelJson, labelKey, labelText } from '@assay/labels/label';
import type { LabelJson, LabelValue } from '@assay/labels/label';
import type { Cell } from '@assay/labels/label-row';
import type { ByteHash } from '../bytes/byte-hash.ts';
import { ByteDictionary } from '../bytes/byte-dictionary.ts';

export interface KnownLabel {
  /** Equal for equal labels; also the order in which labels are listed. */
  readonly key: string;
  readonly value: LabelValue;
  readonly json: LabelJson;
  /** For columns and people. */
  readonly text: string;
}

/** Numbers for labels. Two spellings of one set (`["a","b"]`, `["b","a"]`) share a number; each spelling is parsed once. */
export class LabelDictionary {
  readonly labels: KnownLabel[] = [];
  readonly #spellings: ByteDictionary;
  readonly #idBySpelling: number[] = [];
  readonly #idByKey = new Map<string, number>();

  constructor(hash: ByteHash) {
    this.#spellings = new ByteDictionary(hash);
  }

  idOf(cell: Cell): number {
    const spelling = this.#spellings.idOf(0, cell.bytes, cell.start, cell.end);
    const known = this.#idBySpelling[spelling];
    if (known !== undefined) return known;
    const id = this.#idOfValue(parseLabelCell(cell.toString()));
    this.#idBySpelling[spelling] = id;
    return id;
  }

  #idOfValue(value: LabelValue): number {
    const key = labelKey(value);
    const known = this.#idByKey.get(key);
    if (known !== undefined) return known;
    const id = this.labels.push({ key, value, json: labelJson(value), text: labelText(value) }) - 1;
    this.#idByKey.set(key, id);
    return id;
  }
}

/** Numbers for names that are taken as they are: annotators and fields. */
export class NameDictionary {
  readonly names: string[] = [];
  readonly #index: ByteDictionary;

  /** `reserved` names have the first numbers. */
  constructor(hash: ByteHash, reserved: readonly string[]) {
    this.#index = new ByteDictionary(hash);
    for (const name of reserved) {
      const bytes = Buffer.from(name);
      this.#idOf(bytes, 0, bytes.length);
    }
  }

  idOf(cell: Cell): number {
    return this.#idOf(cell.bytes, cell.start, cell.end);
  }

  #idOf(bytes: Uint8Array, start: number, end: number): number {
    const id = this.#index.idOf(0, bytes, start, end);
    if (id === this.names.length) this.names.push(this.#index.textOf(id));
    return id;
  }
}
