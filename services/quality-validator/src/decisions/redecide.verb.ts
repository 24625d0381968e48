import { defineVerb, exitCodes } from '@assay/cli/verb';
import { connectionOptions, CONNECTION_USAGE } from '@assay/shared/cli/config';
import { withDatabase } from '@assay/shared/cli/with-database';
import { roles } from '@assay/shared/contracts/roles';
import type { Statement } from '@assay/shared/postgres/statement';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { judgeDocuments } from './judge-documents.ts';
import { readRules } from '../config.ts';
import type { Rules } from './domain/rules.ts';

const nextDocuments: Statement = {
  name: 'next-documents-to-redecide',
  text: `select doc_id from assay.heads where doc_id > $1 order by doc_id limit 500`,
};

/** Redecided documents count in a shard of their own, which no partition writes. */
const SHARD = -1;

export const verb = defineVerb({
  name: 'redecide',
  summary: 'judge every document again, for example after a change of the rules',
  usage: `usage: assay redecide [options]

Uses the rules of the environment (QUALITY_VALIDATOR_THRESHOLD, …_MIN_ANNOTATORS, …), which must be those of the running
validator. A decision that does not change is not written again.

${CONNECTION_USAGE}`,
  options: connectionOptions,

  async run({ values }, { stdout, stderr }) {
    const rules = readRules();
    const progress = (documents: number) => stderr.write(`\r${documents} documents`);
    const { documents, decisions } = await withDatabase(values['data-dir'], roles.validator, (postgres) =>
      redecideAll(postgres, rules, progress),
    );
    stderr.write('\n');
    stdout.write(
      values.json
        ? `${JSON.stringify({ documents, decisions, rules: rules.version })}\n`
        : `${documents} documents judged by ${rules.version}: ${decisions} decisions changed.\n`,
    );
    return exitCodes.done;
  },
});

/** In batches, each its own transaction, so that the running validator never waits long for a row. */
export async function redecideAll(
  postgres: Postgres,
  rules: Rules,
  onProgress: (documents: number) => void,
): Promise<{ documents: number; decisions: number }> {
  let after = '';
  let documents = 0;
  let decisions = 0;
  for (;;) {
    const batch = await postgres.query<{ doc_id: string }>(nextDocuments, [after]);
    if (batch.length === 0) return { documents, decisions };
    const docIds = batch.map(({ doc_id }) => doc_id);
    decisions += await postgres.transaction('synchronous', (tx) => judgeDocuments(tx, docIds, SHARD, rules));
    documents += docIds.length;
    after = docIds.at(-1)!;
    onProgress(documents);
  }
}
