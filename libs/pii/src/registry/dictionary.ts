import { isBlank, isWord, lower } from '../scan/char-class.ts';
import { foldText, foldUnit, IGNORED } from '../scan/fold.ts';
import type { Gap } from '../scan/gap.ts';

export interface Hit {
  readonly end: number;
  readonly type: string;
}

interface Node {
  readonly next: Map<number, Node>;
  /** Normalised term → type. Several, since the folded bytes of letters beyond Latin-1 are all alike. */
  terms: Map<string, string> | undefined;
}

const LONGEST = 200;
const BLANK = 32;

/** Terms in a trie of folded bytes; one walk a word, no longer than the longest term. */
export class Dictionary {
  readonly #root: Node = { next: new Map(), terms: undefined };

  constructor(entries: readonly { readonly type: string; readonly terms: readonly string[] }[]) {
    for (const { type, terms } of entries) for (const term of terms) this.#add(term, type);
  }

  /** The longest term that begins at `at` and ends with a word. */
  longestAt(gap: Gap, at: number): Hit | undefined {
    let node: Node | undefined = this.#root;
    let best: Hit | undefined;
    let i = at;
    while (node !== undefined && i < at + 2 * LONGEST) {
      const code = gap.at(i);
      if (isBlank(code)) while (isBlank(gap.at(i + 1)) && i < at + 2 * LONGEST) i++;
      node = node.next.get(isBlank(code) ? BLANK : lower(code));
      i++;
      if (node?.terms === undefined || isWord(gap.at(i))) continue;
      const type = node.terms.get(normalise(gap.original(at, i)));
      if (type !== undefined) best = { end: i, type };
    }
    return best;
  }

  #add(term: string, type: string): void {
    const normal = normalise(term);
    if (normal === '' || normal.length > LONGEST) throw new Error(`a term has 1 to ${LONGEST} characters`);
    let node = this.#root;
    for (let i = 0; i < normal.length; i++) {
      const code = foldUnit(normal.charCodeAt(i));
      if (code === IGNORED) continue;
      let next = node.next.get(code);
      if (next === undefined) node.next.set(code, (next = { next: new Map(), terms: undefined }));
      node = next;
    }
    (node.terms ??= new Map()).set(normal, type);
  }
}

const normalise = (term: string): string => foldText(term).toLowerCase().trim().replace(/\s+/g, ' ');
