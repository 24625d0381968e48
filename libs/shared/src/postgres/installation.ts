import { DEFAULT_PARTITIONS } from '../contracts/topics.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Postgres } from './postgres.ts';
import type { Statement } from './statement.ts';

const readPartitions: Statement = {
  name: 'read-partitions',
  text: `select partitions from assay.installation`,
};

/** The same for a role that only reads. */
const readPartitionsOfReaders: Statement = {
  name: 'read-partitions-of-readers',
  text: `select partitions from lineage.installation`,
};

/** Whoever is first chooses for everybody. */
const insertPartitions: Statement = {
  name: 'choose-partitions',
  text: `insert into assay.installation (partitions) values ($1) on conflict do nothing`,
};

const raise: Statement = {
  name: 'raise-partitions',
  text: `update assay.installation set partitions = $1, raised_at = now() where partitions < $1`,
};

type Database = Pick<Postgres, 'query'>;

/** How many partitions every topic of the installation has, as a reader sees it; null before the first service has started. */
export const partitionsOf = (postgres: Database): Promise<number | null> => read(postgres, readPartitionsOfReaders);

async function read(postgres: Database, statement: Statement): Promise<number | null> {
  const [row] = await postgres.query<{ partitions: number }>(statement, []);
  return row?.partitions ?? null;
}

/**
 * What the installation has chosen; chooses when nobody has. `wanted` is what this service was told, and a service that was told
 * something else than the others does not start: one of them would spread a document's messages differently.
 */
export async function choosePartitions(postgres: Database, wanted: number | undefined): Promise<number> {
  const known = await read(postgres, readPartitions);
  if (known === null) await postgres.query(insertPartitions, [wanted ?? DEFAULT_PARTITIONS]);
  return agreed(known ?? (await read(postgres, readPartitions))!, wanted);
}

/** For a service that changes nothing: it waits until another one has chosen. */
export async function chosenPartitions(postgres: Database, wanted: number | undefined): Promise<number> {
  const known = await partitionsOf(postgres);
  if (known !== null) return agreed(known, wanted);
  throw new PipelineError(
    'DEPENDENCY_UNAVAILABLE',
    'reading the number of partitions: nobody has chosen it, because no service that writes has started yet',
    { dependency: 'postgres' },
  );
}

/** Remembers that the topics have more. A smaller number than before changes nothing. */
export async function recordRaise(postgres: Database, partitions: number): Promise<void> {
  await postgres.query(raise, [partitions]);
}

function agreed(chosen: number, wanted: number | undefined): number {
  if (wanted === undefined || wanted === chosen) return chosen;
  throw new PipelineError(
    'CONFIG_INVALID',
    `KAFKA_PARTITIONS is ${wanted}, but this installation has ${chosen}. ${
      wanted > chosen
        ? `Raise it with \`assay partitions --raise ${wanted}\`, or unset KAFKA_PARTITIONS.`
        : 'Kafka takes no partition away: unset KAFKA_PARTITIONS.'
    }`,
  );
}
