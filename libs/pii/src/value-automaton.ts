const NONE = 0;

/** A value to look for; `isAlone` when it counts only where it stands as a word of its own. */
export interface KnownValue {
  readonly spelling: string;
  readonly isAlone: boolean;
}

/**
 * Finds the longest of many values at each place of a text, in one pass: the automaton of Aho and Corasick over the values
 * read backwards, so that it meets all values that begin at a place when it comes there from behind. A trie that is walked
 * anew from each place costs the length of the longest value for each; this costs one step, whatever the values hold.
 *
 * Its nodes are numbers, level by level, in arrays of 40 bytes a node: values may be as large as the text, and an object a
 * node would be ten times as much.
 */
export class ValueAutomaton {
  /** Nodes looked at since it was made, to build and to search; the tests bound it. */
  steps = 0;
  readonly #values: readonly KnownValue[];
  /** Children by (node, unit): open addressing. */
  readonly #parents: Int32Array;
  readonly #units: Uint16Array;
  readonly #children: Int32Array;
  readonly #mask: number;
  /** The longest other node that what was read ends with. */
  readonly #fail: Int32Array;
  /** The longest value that ends here and counts anywhere, as its index + 1. */
  readonly #inside: Int32Array;
  /** The nearest node, this one or behind `fail`, with a value that must stand alone; and that value. */
  readonly #alone: Int32Array;
  readonly #aloneValue: Int32Array;
  #count = 1;

  constructor(values: readonly KnownValue[]) {
    this.#values = values.toSorted((a, b) => b.spelling.length - a.spelling.length);
    const most = 1 + values.reduce((sum, { spelling }) => sum + spelling.length, 0);
    const slots = 2 ** Math.ceil(Math.log2(most * 2));
    this.#mask = slots - 1;
    this.#parents = new Int32Array(slots);
    this.#units = new Uint16Array(slots);
    this.#children = new Int32Array(slots);
    this.#fail = new Int32Array(most);
    this.#inside = new Int32Array(most);
    this.#alone = new Int32Array(most);
    this.#aloneValue = new Int32Array(most);
    this.#build();
  }

  /** All values at once, a unit deeper each time: what a node falls back to is shallower, and so is there already. */
  #build(): void {
    const nodes = new Int32Array(this.#values.length);
    let active = this.#values.length;
    for (let depth = 0; active > 0; depth++) {
      const known = this.#count;
      while (active > 0 && this.#lengthOf(active - 1) === depth) active--;
      for (let i = 0; i < active; i++) {
        const { spelling, isAlone } = this.#values[i] as KnownValue;
        const node = this.#grow(nodes[i] as number, spelling.charCodeAt(spelling.length - 1 - depth));
        nodes[i] = node;
        if (spelling.length === depth + 1) (isAlone ? this.#aloneValue : this.#inside)[node] = i + 1;
      }
      for (let node = known; node < this.#count; node++) this.#inherit(node);
    }
  }

  #lengthOf(i: number): number {
    return (this.#values[i] as KnownValue).spelling.length;
  }

  #grow(node: number, unit: number): number {
    const slot = this.#slotOf(node, unit);
    const there = this.#children[slot] as number;
    if (there !== NONE) return there;
    const child = this.#count++;
    this.#fail[child] = node === 0 ? 0 : this.#next(this.#fail[node] as number, unit);
    this.#parents[slot] = node;
    this.#units[slot] = unit;
    this.#children[slot] = child;
    return child;
  }

  /** A shorter value that ends here too counts where no longer one does. */
  #inherit(node: number): void {
    const shorter = this.#fail[node] as number;
    if (this.#inside[node] === NONE) this.#inside[node] = this.#inside[shorter] as number;
    this.#alone[node] = this.#aloneValue[node] === NONE ? (this.#alone[shorter] as number) : node;
  }

  #slotOf(node: number, unit: number): number {
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let slot = (hash ^ (hash >>> 13)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      this.steps++;
      if (this.#children[slot] === NONE || (this.#parents[slot] === node && this.#units[slot] === unit)) return slot;
    }
  }

  #next(from: number, unit: number): number {
    for (let node = from; ; node = this.#fail[node] as number) {
      const child = this.#children[this.#slotOf(node, unit)] as number;
      if (child !== NONE || node === 0) return child;
    }
  }

  /**
   * Fills in `lengths[at]`, for each place of `from` … `to`, with the length of the longest value that begins there and
   * ends in it; 0 where there is none.
   */
  measure(text: string, from: number, to: number, standsAlone: StandsAlone, lengths: Int32Array): void {
    let node = 0;
    for (let at = to - 1; at >= from; at--) {
      node = this.#next(node, text.charCodeAt(at));
      lengths[at] = this.#longest(node, text, at, standsAlone);
    }
  }

  #longest(node: number, text: string, at: number, standsAlone: StandsAlone): number {
    const value = this.#inside[node] as number;
    const longest = value === NONE ? 0 : this.#lengthOf(value - 1);
    for (let on = this.#alone[node] as number; on !== 0; on = this.#alone[this.#fail[on] as number] as number) {
      this.steps++;
      const length = this.#lengthOf((this.#aloneValue[on] as number) - 1);
      if (length <= longest) break;
      if (standsAlone(text, at, at + length)) return length;
    }
    return longest;
  }
}

export type StandsAlone = (text: string, start: number, end: number) => boolean;
