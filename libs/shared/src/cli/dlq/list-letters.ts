import type { Terminal } from '@assay/cli/verb';
import { roles } from '../../contracts/roles.ts';
import { groupLetters } from '../../dead-letters/letter-groups.ts';
import { withDatabase } from '../with-database.ts';
import type { Asked } from './asked.ts';
import { withKafka } from './with-kafka.ts';

export async function listLetters({ topics, filter, json, dataDir }: Asked, { stdout }: Terminal): Promise<void> {
  const found = await withDatabase(dataDir, roles.reader, (postgres) =>
    withKafka(dataDir, ({ scan }) => groupLetters({ scan, postgres }, topics, filter)),
  );
  if (json) return void stdout.write(`${JSON.stringify(found)}\n`);
  if (found.groups.length === 0) stdout.write('No dead letters.\n');
  for (const { topic, code, step, from, letters, replayed } of found.groups)
    stdout.write(
      `${topic}  ${letters} ${code}${step === '' ? '' : ` at ${step}`} from ${from}, ${replayed} of them replayed\n`,
    );
  if (found.unknown > 0) stdout.write(`${found.unknown} messages do not say where they came from.\n`);
}
