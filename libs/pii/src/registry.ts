import type { EntityType } from './entity.ts';
import type { Findings } from './scan/findings.ts';
import type { Gap } from './scan/gap.ts';

/** The user's own kinds of values, made by `createRegistry`. */
export interface Registry {
  readonly types: readonly EntityType[];
  readonly find: (gap: Gap, from: number, to: number, findings: Findings) => void;
}
