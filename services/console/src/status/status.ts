import { z } from 'zod';

const count = z.int();

const partitionSchema = z.object({
  partition: count,
  group_offset: count.nullable().describe('What the group has committed; null before its first commit.'),
  ledger_offset: count.nullable().describe('What the ledger has booked; null before its first batch.'),
  end: count.describe('The offset after the last message.'),
  lag: count,
});

const laneSchema = z.object({
  lane: z.string().describe('Consumer group.'),
  service: z.string(),
  topic: z.string(),
  lag: count.describe('Messages not yet committed, all partitions together.'),
  oldest_seconds: z.number().nullable().describe('The oldest unread message is at most this old; null without lag.'),
  partitions: z.array(partitionSchema),
  ledger: z.object({
    received: count,
    accepted: count,
    duplicate: count,
    skipped: count,
    dead_lettered: count,
    gaps: count,
    expired: count,
  }),
  dead_letters: z.object({ topic: z.string(), held: count.describe('Messages the topic holds now.') }),
});
export type LaneStatus = z.output<typeof laneSchema>;

const coefficientSchema = z
  .object({
    value: z.number().nullable(),
    reason: z.string().nullable().describe('Why there is no value.'),
    low: z.number().nullable(),
    high: z.number().nullable(),
  })
  .describe('With its 95 % interval.');
export type CoefficientView = z.output<typeof coefficientSchema>;

const agreementSchema = z.object({
  field: z.string(),
  items: count.describe('Documents with at least one live vote.'),
  shared_items: count.describe('Of them, documents with at least two.'),
  raters: count,
  percent: coefficientSchema,
  krippendorff: coefficientSchema,
  gwet_ac1: coefficientSchema,
});
export type AgreementView = z.output<typeof agreementSchema>;

const serviceSchema = z.object({
  name: z.string(),
  url: z.string(),
  status: z.enum(['ready', 'not ready', 'unreachable']),
  problems: z.record(z.string(), z.string()).describe('{dependency: what is wrong with it}.'),
});
export type ServiceView = z.output<typeof serviceSchema>;

const connectorSchema = z.object({
  name: z.string(),
  state: z.string().describe('RUNNING when the connector and all of its tasks run, else the first other state.'),
  tasks: count,
});
export type ConnectorView = z.output<typeof connectorSchema>;

export const accountViewSchema = z.object({
  adds_up: z.boolean(),
  faults: z.array(z.string()).describe('A sentence for every equation that does not hold.'),
  counts: z.record(z.string(), count).describe('The row of lineage.account.'),
  sums: z
    .array(
      z.object({
        title: z.string(),
        terms: z
          .array(z.object({ count, words: z.string() }))
          .describe('The whole first, then its parts.')
          .readonly(),
      }),
    )
    .describe('The same counts as the equations they must keep.')
    .readonly(),
});
export type AccountView = z.output<typeof accountViewSchema>;

/** A part that could not be asked is null, and `unavailable` says why: half a picture is better than none in an outage. */
export const statusSchema = z.object({
  at: z.string(),
  counted_at: z
    .string()
    .nullable()
    .describe('Since when the account has not been counted again: large tables are counted less often.'),
  account: accountViewSchema.nullable(),
  stages: z.record(z.string(), count).nullable().describe('The row of lineage.stages.'),
  lanes: z.array(laneSchema).nullable(),
  agreement: z.array(agreementSchema).nullable(),
  connectors: z.array(connectorSchema).nullable(),
  services: z.array(serviceSchema),
  unavailable: z.record(z.string(), z.string()).describe('{part of this answer: why it is null}.'),
});
export type Status = z.output<typeof statusSchema>;
