/** Every metric, declared once. Labels are bounded: no id, no topic a producer could choose. */
export const metrics = {
  messages: {
    name: 'pipeline_messages_total',
    help: 'Messages by where and how they left the lane.',
    labels: ['service', 'lane', 'step', 'outcome', 'code'],
  },
  batchSeconds: {
    name: 'pipeline_batch_seconds',
    help: 'Time from admitting a batch to its commit in Postgres.',
    labels: ['service', 'lane'],
  },
  retries: {
    name: 'pipeline_retries_total',
    help: 'Waits because something did not answer, by error code.',
    labels: ['service', 'lane', 'code'],
  },
  expired: {
    name: 'pipeline_expired_messages_total',
    help: 'Messages that retention deleted before they were read. Anything above 0 is a loss.',
    labels: ['service', 'lane'],
  },
  lag: {
    name: 'pipeline_lag_messages',
    help: 'Messages in the log after the last one settled, for the partitions this instance owns.',
    labels: ['service', 'lane', 'partition'],
  },
  oldest: {
    name: 'pipeline_oldest_unprocessed_seconds',
    help: 'Age of the oldest message not yet settled; 0 when there is none.',
    labels: ['service', 'lane'],
  },
  slotRetained: {
    name: 'pipeline_slot_retained_bytes',
    help: 'WAL that Postgres keeps for the replication slot of Debezium.',
    labels: ['service'],
  },
  slotStatus: {
    name: 'pipeline_slot_status',
    help: 'Replication slots of Debezium by status: missing, reserved, extended, unreserved or lost.',
    labels: ['service', 'status'],
  },
} as const;
