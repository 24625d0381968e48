import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';

/** The update changes nothing: it is there to answer what stands already. */
const placePath: Statement = {
  name: 'place-label-file',
  text: `
    insert into assay.label_placements (path, partitions)
    select $1, partitions from assay.installation
        on conflict (path) do update set path = excluded.path
    returning partitions`,
};

/**
 * Writes what is said of a path to the partitions it was first written to. Their number is chosen before the first row is sent, and
 * never again, whatever content the path gets: the validator knows a row that is sent once more by its partition, and partitions
 * may have been added meanwhile (ADR 0012).
 */
export async function placedWriter(
  postgres: Pick<Transaction, 'query'>,
  writer: TopicWriter,
  path: string,
): Promise<TopicWriter> {
  const [row] = await postgres.query<{ partitions: number }>(placePath, [path]);
  const { partitions } = row!;
  return { write: (topic, messages) => writer.write(topic, messages, partitions) };
}
