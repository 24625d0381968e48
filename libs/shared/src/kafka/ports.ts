import type { Admin, Consumer } from 'kafkajs';

/** The parts of kafkajs a lane uses; the fake broker of the specs implements the same. */
export type LaneConsumer = Pick<
  Consumer,
  'connect' | 'disconnect' | 'stop' | 'subscribe' | 'run' | 'seek' | 'commitOffsets' | 'on' | 'events'
>;
export type LaneAdmin = Pick<Admin, 'fetchTopicOffsets' | 'describeCluster'>;
