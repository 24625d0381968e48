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
  readonly #root: FieldName;
  /** Of a root: how many are kept below it. */
  #kept = 0;

  constructor(name: string, root?: FieldName) {
    this.name = name;
    this.nameOfKeys = `keys of ${name}`;
    this.#root = root ?? this;
  }

  below(key: string): FieldName {
    const known = this.#below.get(key);
    if (known !== undefined) return known;
    const field = new FieldName(`${this.name}.${key}`.slice(-NAME_LENGTH), this.#root);
    this.#root.#makeRoom();
    this.#below.set(key, field);
    return field;
  }

  /** What is forgotten here is kept by nobody but a ticket that is being read. */
  #makeRoom(): void {
    if (this.#kept === MOST_KEPT) {
      this.#below.clear();
      this.#kept = 0;
    }
    this.#kept++;
  }
}

/** The root of all names. */
export const FIELDS = new FieldName('fields');
