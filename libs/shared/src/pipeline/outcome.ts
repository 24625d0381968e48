import type { ContentCode } from '../errors/codes.ts';

/** What became of a message in one step. Steps return it and do nothing else; the runtime turns it into effects. */
export type Outcome<T> = Accepted<T> | Skipped | DeadLettered;

export interface Accepted<T> {
  readonly kind: 'accepted';
  readonly value: T;
}

/** Left out on purpose (a heartbeat, a tombstone). Counted, never an error. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly reason: string;
}

/** Refused, because of its own content. `detail` names the field and the rule, never the value. */
export interface DeadLettered {
  readonly kind: 'deadLettered';
  readonly code: ContentCode;
  readonly detail: string;
}

export const accepted = <T>(value: T): Accepted<T> => ({ kind: 'accepted', value });
export const skipped = (reason: string): Skipped => ({ kind: 'skipped', reason });
export const deadLettered = (code: ContentCode, detail: string): DeadLettered => ({
  kind: 'deadLettered',
  code,
  detail,
});
