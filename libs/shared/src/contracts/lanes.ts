import { topics, type TopicContract } from './topics.ts';

/** A lane is one consumer group reading one topic for one service. Its name is also the key of its rows in the ledger. */
export interface LaneContract {
  readonly service: string;
  readonly lane: string;
  readonly topic: TopicContract;
  readonly deadLetters: TopicContract;
}

export const lanes = {
  tickets: { service: 'ingest', lane: 'tickets', topic: topics.ticketsRaw, deadLetters: topics.ingestDeadLetters },
  documents: {
    service: 'annotation-bridge',
    lane: 'documents',
    topic: topics.documentChanges,
    deadLetters: topics.bridgeDeadLetters,
  },
  labels: {
    service: 'quality-validator',
    lane: 'labels',
    topic: topics.labels,
    deadLetters: topics.validatorDeadLetters,
  },
  decisions: {
    service: 'output',
    lane: 'decisions',
    topic: topics.decisionChanges,
    deadLetters: topics.outputDeadLetters,
  },
} as const satisfies Record<string, LaneContract>;

/** One group per lane: kafkajs hands the leader's topics to every member, so two lanes in one group would mix. */
export const groupIdOf = ({ service, lane }: Pick<LaneContract, 'service' | 'lane'>): string =>
  `assay.${service}.${lane}`;
