import type { LetterFilter } from '../../dead-letters/letter-filter.ts';
import type { Mapping } from '../../dead-letters/letter-mapping.ts';

/** What somebody wants of which letters. */
export interface Asked {
  readonly topics: readonly string[];
  readonly filter: LetterFilter;
  readonly mapping: Mapping;
  readonly maxAttempts: number;
  readonly limit: number;
  readonly again: boolean;
  readonly isDryRun: boolean;
  /** What messages say is shown, and not only their shape. */
  readonly isRaw: boolean;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly dataDir: string;
}
