/** Gives every distinct pair of non-negative integers (below 2^31) a dense number: 0, 1, 2, … in order of first sight.
 *
 * Open addressing over typed arrays instead of a Map with string keys: a million documents ask two to ten times each,
 * and the entries hold no references, so the garbage collector never looks at them. */
export class IntPairIndex {
  #slots = new Int32Array(64).fill(-1);
  #first = new Int32Array(32);
  #second = new Int32Array(32);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  idOf(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot] ?? -1;
    if (known >= 0) return known;
    if (this.#size === this.#first.length) {
      this.#grow();
      return this.idOf(first, second);
    }
    const id = this.#size;
    this.#size += 1;
    this.#first[id] = first;
    this.#second[id] = second;
    this.#slots[slot] = id;
    return id;
  }

  firstOf(id: number): number {
    return this.#first[id] ?? -1;
  }

  secondOf(id: number): number {
    return this.#second[id] ?? -1;
  }

  #slotOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(first, second) & mask;
    for (;;) {
      const id = this.#slots[slot] ?? -1;
      if (id < 0 || (this.#first[id] === first && this.#second[id] === second)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  // The slot table is kept twice as long as the entries, so probes stay short and an empty slot always exists.
  #grow(): void {
    const length = this.#first.length * 2;
    this.#first = copyOf(this.#first, length);
    this.#second = copyOf(this.#second, length);
    this.#slots = new Int32Array(length * 2).fill(-1);
    for (let id = 0; id < this.#size; id += 1) {
      this.#slots[this.#slotOf(this.firstOf(id), this.secondOf(id))] = id;
    }
  }
}

function mix(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function copyOf(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
