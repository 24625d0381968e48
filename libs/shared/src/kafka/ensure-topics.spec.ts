import { describe, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { ensureTopics } from './ensure-topics.ts';

const { ticketsRaw, ingestDeadLetters } = topics;
const create = { create: true, replicationFactor: 3 };

/** Answers as a broker does that has `present`, and makes what it is asked for. */
function broker(present: string[]) {
  const asked: unknown[] = [];
  const said: object[] = [];
  const partitions = Array.from({ length: 6 }, (_, partitionId) => ({ partitionId }) as never);
  const admin = {
    listTopics: async () => present,
    createTopics: async (request: unknown) => (asked.push(request), true),
    fetchTopicMetadata: async () => ({ topics: Object.values(topics).map(({ name }) => ({ name, partitions })) }),
    describeConfigs: async () => ({ resources: [], throttleTime: 0 }),
  };
  const log = { debug() {}, warn() {}, error() {}, info: (fields: object) => void said.push(fields) };
  return { admin, log, asked, said };
}

describe('topics at boot', () => {
  it('asks for exactly what is missing, with the replication of the installation, and says so', async () => {
    const { admin, log, asked, said } = broker([ticketsRaw.name]);
    await ensureTopics(admin, [ticketsRaw, ingestDeadLetters], create, log);
    expect(asked).toEqual([
      {
        waitForLeaders: true,
        topics: [
          {
            topic: ingestDeadLetters.name,
            numPartitions: 6,
            replicationFactor: 3,
            configEntries: [
              { name: 'cleanup.policy', value: 'delete' },
              { name: 'retention.ms', value: String(ingestDeadLetters.retentionMs) },
              { name: 'max.message.bytes', value: String(ingestDeadLetters.maxMessageBytes) },
            ],
          },
        ],
      },
    ]);
    expect(said).toEqual([{ topics: [ingestDeadLetters.name] }]);
  });

  it('asks for nothing and says nothing when everything is there', async () => {
    const { admin, log, asked, said } = broker([ticketsRaw.name, ingestDeadLetters.name]);
    await ensureTopics(admin, [ticketsRaw, ingestDeadLetters], create, log);
    expect([asked, said]).toEqual([[], []]);
  });

  it('takes a broker that tells nothing of a setting (Event Hubs) at its word', async () => {
    const { admin, log } = broker([ticketsRaw.name]);
    await expect(ensureTopics(admin, [ticketsRaw], create, log)).resolves.toBeUndefined();
  });
});
