/**
 * Most combining marks on one letter. Writing needs a handful: Unicode's stream-safe format allows 30 and calls that
 * significantly beyond any use (UAX #15, section 13). The rest is room for what people do for fun.
 */
export const MARK_RUN_MAX_LENGTH = 128;

/** The invisible characters are those that repair takes out: what stands around them becomes one run. */
const RUN = /[\p{M}\u200B\u2060\uFEFF]+/gu;

/** To normalise a text is quadratic in its longest run of marks: 1 MiB of them takes more than a minute. */
export function hasLongMarkRun(text: string): boolean {
  for (const [run] of text.matchAll(RUN)) if (run.length > MARK_RUN_MAX_LENGTH) return true;
  return false;
}
