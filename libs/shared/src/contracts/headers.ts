/** Kafka header names. `assay-version` comes with a ticket; `dlq-*` are what a dead letter adds to the original headers. */
export const headers = {
  version: 'assay-version',
  /** On a message that is a whole batch of records, which was too large to unpack. */
  packedBatch: 'assay-packed-batch',
  deadLetter: {
    code: 'dlq-code',
    reason: 'dlq-reason',
    step: 'dlq-step',
    service: 'dlq-service',
    sourceTopic: 'dlq-source-topic',
    sourcePartition: 'dlq-source-partition',
    sourceOffset: 'dlq-source-offset',
    at: 'dlq-at',
    attempt: 'dlq-attempt',
    /** Set when the original bytes were too large for the topic: the sealed blob that holds them. */
    spilledTo: 'dlq-spilled-to',
  },
  /** A message that was replayed carries `dlq-attempt` on, and this. */
  replay: {
    /** Where its dead letter lies: topic/partition/offset. */
    of: 'assay-replay-of',
  },
} as const;

/** Versions of the ticket message this code understands. A message without the header is version 1. */
export const TICKET_VERSIONS: readonly string[] = ['1'];
