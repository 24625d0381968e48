/** The words nearest to a value tell what it is; those far above it would only be copied again for each string below. */
const NAME_LENGTH = 200;

/** Names that are kept. Nobody may fill the memory by ever new ones. */
const MOST_KEPT = 2_000;

/**
 * The name of a field by the keys that lead to it. Tickets of one source have the same few fields, and a name that is put
 * together again for each of them costs as much as reading the ticket.
 */
export class FieldName {
  readonly name: string;
  readonly nameOfKeys: string;
  readonly #below = new Map<string, FieldName>();
  readonly #kept: { count: number };

  constructor(name: string, kept = { count: 0 }) {
    this.name = name;
    this.nameOfKeys = `keys of ${name}`;
    this.#kept = kept;
  }

  below(key: string): FieldName {
    const known = this.#below.get(key);
    if (known !== undefined) return known;
    const field = new FieldName(`${this.name}.${key}`.slice(-NAME_LENGTH), this.#kept);
    if (this.#kept.count < MOST_KEPT) {
      this.#kept.count++;
      this.#below.set(key, field);
    }
    return field;
  }
}

/** The root of all names. */
export const FIELDS = new FieldName('fields');
