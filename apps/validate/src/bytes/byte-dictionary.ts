import type { ByteHash } from './byte-hash.ts';
import { grownBytes, grownFloat64, grownInt32 } from './growable-arrays.ts';

/** Gives every distinct byte string a dense number: 0, 1, 2, … in order of first sight (dictionary encoding).
 *
 * The bytes are copied into one arena and the table is typed arrays, so half a million documents are four objects for
 * the garbage collector, and no key pins the file it was read from (a slice of a string does in V8). */
export class ByteDictionary {
  readonly #hash: ByteHash;
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(512);
  #starts = new Float64Array(513);
  #arena = new Uint8Array(16 * 1024);
  #size = 0;

  constructor(hash: ByteHash) {
    this.#hash = hash;
  }

  get size(): number {
    return this.#size;
  }

  /** `kind` keeps keys apart that have the same bytes but mean different things. */
  idOf(kind: number, bytes: Uint8Array, start: number, end: number): number {
    this.#hash.update(bytes, start, end);
    const hash = this.#hash.low ^ kind;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const id = this.#slots[slot] ?? -1;
      if (id < 0) return this.#insert(slot, hash, { kind, bytes, start, end });
      if (this.#hashes[id] === hash && this.#isKey(id, kind, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  kindOf(id: number): number {
    return this.#arena[this.#starts[id] ?? 0] ?? 0;
  }

  /** The key's bytes, valid until the next insertion. */
  bytesOf(id: number): Uint8Array {
    return this.#arena.subarray((this.#starts[id] ?? 0) + 1, this.#starts[id + 1]);
  }

  textOf(id: number): string {
    const start = (this.#starts[id] ?? 0) + 1;
    return Buffer.from(this.#arena.buffer, start, (this.#starts[id + 1] ?? 0) - start).toString('utf8');
  }

  #isKey(id: number, kind: number, bytes: Uint8Array, start: number, end: number): boolean {
    const arena = this.#arena;
    const from = this.#starts[id] ?? 0;
    if ((this.#starts[id + 1] ?? 0) - from - 1 !== end - start || arena[from] !== kind) return false;
    for (let at = start, own = from + 1; at < end; at += 1, own += 1) {
      if (arena[own] !== bytes[at]) return false;
    }
    return true;
  }

  #insert(slot: number, hash: number, key: { kind: number; bytes: Uint8Array; start: number; end: number }): number {
    const id = this.#size;
    const from = this.#starts[id] ?? 0;
    const to = from + 1 + key.end - key.start;
    this.#reserve(to);
    this.#arena[from] = key.kind;
    for (let at = key.start, own = from + 1; at < key.end; at += 1, own += 1) this.#arena[own] = key.bytes[at] ?? 0;
    this.#starts[id + 1] = to;
    this.#hashes[id] = hash;
    this.#slots[slot] = id;
    this.#size = id + 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #reserve(bytes: number): void {
    this.#arena = grownBytes(this.#arena, bytes);
    this.#hashes = grownInt32(this.#hashes, this.#size + 1);
    this.#starts = grownFloat64(this.#starts, this.#size + 2);
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#size; id += 1) {
      let slot = (this.#hashes[id] ?? 0) & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}
