import { defineVerb, exitCodes, type Terminal, UsageError } from '@assay/cli/verb';
import { groupIdOf, lanes } from '../contracts/lanes.ts';
import { roleOfService, roles } from '../contracts/roles.ts';
import type { Statement } from '../postgres/statement.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { CONNECTION_USAGE, connectionOptions } from './config.ts';
import { withDatabase } from './with-database.ts';

const readLedger: Statement = {
  name: 'read-ledger',
  text: `
    select lane, topic, partition, incarnation, first_offset, next_offset, received, accepted, duplicate, skipped, dead_lettered,
           gaps, expired, updated_at
      from lineage.lanes
     where $1::text is null or lane = $1
     order by lane, topic, partition, incarnation`,
};

/** A new incarnation, so that what was booked before stays on the account as it was. */
const startIncarnation: Statement = {
  name: 'start-incarnation',
  text: `
    insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset)
    select lane, topic, partition, incarnation + 1, cluster_id, $3, $3
      from assay.offsets
     where lane = $1 and partition = $2
     order by incarnation desc
     limit 1
    returning topic, incarnation`,
};

export const verb = defineVerb({
  name: 'offsets',
  summary: 'show the offset ledger, or make a lane read a partition from another offset',
  usage: `usage: assay offsets show [LANE] [options]
       assay offsets set LANE PARTITION OFFSET [options]

LANE is a consumer group: ${Object.values(lanes).map(groupIdOf).join(', ')}.
\`set\` starts a new row of the ledger at OFFSET. Stop the lane's service first: a running one goes on from its own offset
until the next rebalance. Messages read again are duplicates; messages jumped over are never read.

${CONNECTION_USAGE}`,
  options: connectionOptions,
  words: { least: 1, most: 4, are: 'what to do, show or set' },

  run({ values, words: [action, ...words] }, terminal) {
    const dataDir = values['data-dir'];
    if (action === 'show') {
      if (words.length > 1) throw new UsageError('show takes one LANE, or none for all of them');
      return withDatabase(dataDir, roles.reader, (postgres) => show(postgres, words[0], values.json, terminal));
    }
    if (action !== 'set') throw new UsageError(`the action is show or set, not "${action}"`);
    const [lane, partition, offset] = words;
    if (words.length < 3) throw new UsageError('too few words: set takes LANE PARTITION OFFSET');
    if (!isNumber(partition!, MAX_PARTITION)) throw new UsageError(`PARTITION must be a number, not ${partition}`);
    if (!isNumber(offset!, MAX_OFFSET)) throw new UsageError(`OFFSET must be a number, not ${offset}`);
    // A row of the ledger is for the service of its lane alone.
    const { service } = Object.values(lanes).find((known) => groupIdOf(known) === lane) ?? {};
    if (service === undefined) throw new UsageError(`there is no lane ${lane}`);
    return withDatabase(dataDir, roleOfService[service]!, (postgres) =>
      set(postgres, [lane!, partition!, offset!], terminal),
    );
  },
});

/** As Kafka and the ledger know them: int32 and int64. */
const MAX_PARTITION = 2n ** 31n - 1n;
const MAX_OFFSET = 2n ** 63n - 1n;

const isNumber = (word: string, max: bigint): boolean => /^\d+$/.test(word) && BigInt(word) <= max;

async function show(
  postgres: Postgres,
  lane: string | undefined,
  json: boolean,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const rows = await postgres.query<Record<string, unknown>>(readLedger, [lane ?? null]);
  if (lane !== undefined && rows.length === 0) {
    stderr.write(`assay offsets: ${lane} has never read anything\n`);
    return exitCodes.failed;
  }
  if (json) stdout.write(`${JSON.stringify(rows)}\n`);
  else
    for (const { lane: group, topic, partition, incarnation, first_offset, next_offset, ...counts } of rows) {
      const { updated_at: _, ...shown } = counts;
      const told = Object.entries(shown).map(([name, count]) => `${name}=${String(count)}`);
      stdout.write(
        `${String(group)} ${String(topic)}-${String(partition)}#${String(incarnation)} [${String(first_offset)}, ${String(next_offset)}) ${told.join(' ')}\n`,
      );
    }
  return exitCodes.done;
}

async function set(postgres: Postgres, words: readonly string[], { stdout, stderr }: Terminal): Promise<number> {
  const [lane, partition, offset] = words;
  const [row] = await postgres.query<{ topic: string; incarnation: number }>(startIncarnation, words);
  if (row === undefined) {
    stderr.write(`assay offsets: ${lane} has never read partition ${partition}; there is nothing to set\n`);
    return exitCodes.failed;
  }
  stdout.write(`${lane} reads ${row.topic}-${partition} from ${offset} on (incarnation ${row.incarnation}).\n`);
  return exitCodes.done;
}
