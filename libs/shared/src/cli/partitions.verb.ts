import { defineVerb, exitCodes, type Terminal, UsageError } from '@assay/cli/verb';
import { locks } from '../contracts/locks.ts';
import { roles } from '../contracts/roles.ts';
import { MOST_PARTITIONS, topics } from '../contracts/topics.ts';
import { type PartitionAdmin, withPartitionAdmin } from '../kafka/kafka-connection.ts';
import { inTurn } from '../postgres/advisory-lock.ts';
import { partitionsOf, recordRaise } from '../postgres/installation.ts';
import { CONNECTION_USAGE, connectionOptions, readEndpoints, readKafkaSettings, required } from './config.ts';
import { withDatabase } from './with-database.ts';

const all = Object.values(topics);

export const verb = defineVerb({
  name: 'partitions',
  summary: 'show how many partitions the topics have, or raise their number',
  usage: `usage: assay partitions [--raise N] [options]

All topics have the same number of partitions. It decides how many instances of a service share the work of a lane: more
instances than partitions have nothing to do. It is chosen once, by the first start (KAFKA_PARTITIONS), and can be raised
while everything runs; Kafka cannot lower it. Exits 1 when a topic has another number.

  --raise N        give every topic N partitions, then remember it. Ended half way, run it again. Services notice within
                   half a minute
${CONNECTION_USAGE}

Kafka is reached by KAFKA_BROKERS and the other KAFKA_* settings as services have them.`,
  options: { ...connectionOptions, raise: { type: 'string' } },

  async run({ values }, terminal) {
    const dataDir = values['data-dir'];
    const wanted = values.raise === undefined ? null : numberOf(values.raise);
    const endpoints = await readEndpoints(dataDir);
    const kafka = readKafkaSettings(required(endpoints, 'kafkaBrokers', 'KAFKA_BROKERS', dataDir));
    const chosen = await withDatabase(dataDir, roles.reader, partitionsOf);
    if (chosen === null) {
      terminal.stderr.write(
        'assay partitions: nothing is chosen yet; set KAFKA_PARTITIONS for the first start of the services\n',
      );
      return exitCodes.failed;
    }
    if (wanted !== null && wanted < chosen) {
      terminal.stderr.write(`assay partitions: the topics have ${chosen}, and Kafka takes no partition away\n`);
      return exitCodes.failed;
    }
    const databaseUrl = required(endpoints, 'databaseUrl', 'DATABASE_URL', dataDir);
    return withPartitionAdmin(kafka, silent, async (admin) => {
      if (wanted === null) return show(admin, chosen, values.json, terminal);
      // Kafka first: a service spreads keys over what is remembered, and those partitions must be there by then.
      await inTurn(databaseUrl, locks.topics, async () => {
        await admin.raise(all, wanted);
        await withDatabase(dataDir, roles.bridge, (postgres) => recordRaise(postgres, wanted));
      });
      return show(admin, wanted, values.json, terminal);
    });
  },
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function numberOf(word: string): number {
  const number = Number(word);
  if (/^\d{1,9}$/.test(word) && number >= 1 && number <= MOST_PARTITIONS) return number;
  throw new UsageError(`--raise must be a number from 1 to ${MOST_PARTITIONS}, not ${word}`);
}

async function show(
  admin: PartitionAdmin,
  chosen: number,
  json: boolean,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<number> {
  const counts = await admin.count(all);
  const others = counts.filter(({ found }) => found !== chosen);
  if (json) {
    const found = Object.fromEntries(counts.map((count) => [count.name, count.found]));
    stdout.write(`${JSON.stringify({ partitions: chosen, topics: found })}\n`);
  } else {
    stdout.write(
      `${chosen} partitions, in each of ${counts.length} topics${others.length === 0 ? '.' : ' but these:'}\n`,
    );
    for (const { name, found } of others) stdout.write(`  ${name} has ${found}\n`);
    if (others.length > 0) {
      const most = Math.max(chosen, ...others.map(({ found }) => found));
      stdout.write(`  → assay partitions --raise ${most}\n`);
    }
  }
  return others.length === 0 ? exitCodes.done : exitCodes.failed;
}
