import type { Found, Scan } from './scan/scanner.ts';

/**
 * Gives the mentions of one person one key: "Smith", "Mr Smith" and "John" are the "John Smith" of the ticket, as long as
 * it names no other person they could be.
 */
export function joinPeople(scans: readonly Scan[]): readonly Scan[] {
  const keys = new Set<string>();
  for (const { found } of scans) for (const { type, key } of found) if (type === 'PERSON') keys.add(key);
  if (keys.size < 2) return scans;
  const whole = new Map<string, string>();
  const sets = [...keys].map((key) => ({ key, words: new Set(key.split(' ')) }));
  for (const one of sets) {
    const larger = sets.filter(
      ({ words }) => words.size > one.words.size && [...one.words].every((word) => words.has(word)),
    );
    const widest = larger.filter(
      ({ words }) =>
        !larger.some((other) => other.words.size > words.size && [...words].every((word) => other.words.has(word))),
    );
    if (widest.length === 1) whole.set(one.key, (widest[0] as { readonly key: string }).key);
  }
  if (whole.size === 0) return scans;
  const join = (each: Found): Found => {
    const key = each.type === 'PERSON' ? whole.get(each.key) : undefined;
    return key === undefined ? each : { ...each, key };
  };
  return scans.map((scan) => ({ ...scan, found: scan.found.map(join) }));
}
