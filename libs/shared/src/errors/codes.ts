/**
 * The closed list of what can go wrong. `retriable` decides what the runtime does and stands only here, so an error
 * can never claim something else. docs/reference/errors.md is generated from it.
 */
export const errorCodes = {
  DECODE_FAILED: {
    retriable: false,
    meaning: 'The bytes are not the declared format (not UTF-8, not JSON, or no value at all).',
    action: 'Read the dead letter, fix the producer, then send the ticket again.',
  },
  CONTRACT_VIOLATED: {
    retriable: false,
    meaning: 'Decoded, but it breaks the contract of its topic: a key is missing or a value is not allowed.',
    action: 'The dead letter names the field and the rule. Fix the producer, then send the ticket again.',
  },
  CONTRACT_VERSION_UNKNOWN: {
    retriable: false,
    meaning: 'The header `assay-version` names a version this release does not know.',
    action: 'Upgrade Assay before its producers, then replay the dead letter.',
  },
  PAYLOAD_TOO_LARGE: {
    retriable: false,
    meaning: 'A field is larger than anything downstream would ever accept.',
    action: 'Shorten it at the source. The original bytes are in the dead letter.',
  },
  DEPENDENCY_UNAVAILABLE: {
    retriable: true,
    meaning: 'Postgres, Kafka, Kafka Connect, blob storage, a target or the deep pass does not answer, or refuses us.',
    action: 'See /ready for which one. Nothing is lost: the lane waits, then stops with nothing committed.',
  },
  WRITE_CONFLICT: {
    retriable: true,
    meaning: 'Another transaction was in the way: deadlock, lock timeout, serialization failure.',
    action: 'None. Tell us if it happens all the time.',
  },
  CONFIG_INVALID: {
    retriable: false,
    meaning: 'The service was started with settings it cannot use. Raised at boot only.',
    action: 'Every problem is listed in the message. Fix them and start again.',
  },
  INVARIANT_BROKEN: {
    retriable: false,
    meaning: 'Something that cannot happen did. The process ends rather than guess.',
    action: 'Keep the log and report it.',
  },
} as const satisfies Record<string, { retriable: boolean; meaning: string; action: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** The codes that are provably the message's own fault; only these may dead-letter it. */
export const contentCodes = [
  'DECODE_FAILED',
  'CONTRACT_VIOLATED',
  'CONTRACT_VERSION_UNKNOWN',
  'PAYLOAD_TOO_LARGE',
] as const satisfies readonly ErrorCode[];
export type ContentCode = (typeof contentCodes)[number];

export type Dependency = 'postgres' | 'kafka' | 'blob' | 'connect' | 'target' | 'deep-pass';
