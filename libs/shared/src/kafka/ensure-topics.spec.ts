import { describe, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { ensureTopics } from './ensure-topics.ts';

const { ticketsRaw, ingestDeadLetters } = topics;
const create = { create: true, replicationFactor: 3, partitions: 6 };

/** Answers as a broker does that has `present`, and makes what it is asked for. */
function broker(present: string[], { isFaster = false, found = 6 } = {}) {
  const asked: unknown[] = [];
  const said: object[] = [];
  const partitions = Array.from({ length: found }, (_, partitionId) => ({ partitionId }) as never);
  const admin = {
    listTopics: async () => present,
    createTopics: async (request: unknown) => (asked.push(request), !isFaster),
    createPartitions: async (request: unknown) => (asked.push(request), true),
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
    expect(said).toEqual([{ topics: [ingestDeadLetters.name], partitions: 6 }]);
  });

  it('does not call topics its own that another service made meanwhile', async () => {
    const { admin, log, said } = broker([], { isFaster: true });
    await ensureTopics(admin, [ticketsRaw], create, log);
    expect(said).toEqual([]);
  });

  it('adds partitions where there are fewer than the installation has chosen', async () => {
    const { admin, log, asked, said } = broker([ticketsRaw.name], { found: 2 });
    await ensureTopics(admin, [ticketsRaw], create, log);
    expect(asked).toEqual([{ topicPartitions: [{ topic: ticketsRaw.name, count: 6 }] }]);
    expect(said).toEqual([{ topics: [ticketsRaw.name], partitions: 6 }]);
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
