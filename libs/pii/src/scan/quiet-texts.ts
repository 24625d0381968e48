/** Longer texts seldom come twice. */
const LONGEST = 40;
/** A field with more values than these holds identifiers: none of them comes again. */
const MOST_OF_A_FIELD = 200;
const MOST_FIELDS = 500;

/**
 * Short texts of a field in which nothing was found. Tickets of one source have the same keys and the same few values in
 * most fields, and whether there is something to be masked in a text depends on the text and the name of its field alone.
 * Most strings of a ticket are such texts, and to ask here costs a tenth of a scan. What it keeps is bounded.
 */
export class QuietTexts {
  /** Null for a field that has too many values. */
  readonly #byField = new Map<string, Set<string> | null>();

  has(field: string, text: string): boolean {
    return text.length <= LONGEST && (this.#byField.get(field)?.has(text) ?? false);
  }

  add(field: string, text: string): void {
    if (text.length > LONGEST) return;
    const known = this.#byField.get(field);
    if (known === null) return;
    if (known !== undefined) {
      if (known.size < MOST_OF_A_FIELD) known.add(text);
      else this.#byField.set(field, null);
      return;
    }
    if (this.#byField.size === MOST_FIELDS) this.#byField.clear();
    this.#byField.set(field, new Set([text]));
  }
}
