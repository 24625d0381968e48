const MAX_EDITS = 2;

/** The name somebody may have meant: the one with the fewest letters to change, if these are few, or one that is longer or
 * shorter at its end. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const byEdits = names
    .map((name) => ({ name, edits: editsBetween(word, name) }))
    .filter(({ name, edits }) => edits <= MAX_EDITS && edits < Math.max(word.length, name.length) / 2)
    .toSorted((left, right) => left.edits - right.edits);
  const isPart = (name: string) => word.length > 1 && (name.startsWith(word) || word.startsWith(name));
  return byEdits[0]?.name ?? names.find(isPart);
}

/** Letters to insert, to take out or to replace (Levenshtein's distance). */
function editsBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 0; i < left.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < right.length; j += 1) {
      const replaced = (row[j] ?? 0) + (left[i] === right[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
