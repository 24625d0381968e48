import { defineVerb, exitCodes } from '@assay/cli/verb';
import { type Account, accountOf, faultsOfAccount } from '../contracts/account.ts';
import { roles } from '../contracts/roles.ts';
import type { Statement } from '../postgres/statement.ts';
import { CONNECTION_USAGE, connectionOptions } from './config.ts';
import { withDatabase } from './with-database.ts';

const readAccount: Statement = { name: 'read-account', text: 'select * from lineage.account' };

export const verb = defineVerb({
  name: 'account',
  summary: 'show what came in and what became of all of it',
  usage: `usage: assay account [options]

Exits 1 when the account does not add up.

${CONNECTION_USAGE}`,
  options: connectionOptions,

  async run({ values }, { stdout }) {
    const [row] = await withDatabase(values['data-dir'], roles.reader, (postgres) =>
      postgres.query<Record<string, string>>(readAccount, []),
    );
    const account = accountOf(row!);
    const faults = faultsOfAccount(account);
    stdout.write(values.json ? `${JSON.stringify({ ...account, faults })}\n` : renderAccount(account, faults));
    return faults.length === 0 ? exitCodes.done : exitCodes.failed;
  },
});

export function renderAccount(a: Account, faults: readonly string[]): string {
  return [
    `tickets     ${a.received} received = ${a.accepted} documents + ${a.duplicate} duplicate + ${a.skipped} skipped + ${a.dead_lettered} dead letters`,
    `documents   ${a.documents} = ${a.gold} gold + ${a.disagreement} disagreement + ${a.low_confidence} low confidence + ${a.pending} pending${a.erased > 0 ? ` + ${a.erased} erased` : ''}`,
    `label rows  ${a.label_rows} = ${a.live} live + ${a.superseded} superseded + ${a.withdrawn} withdrawn + ${a.withdrawals} withdrawals + ${a.duplicate_rows} duplicate + ${a.rejected_rows} rejected + ${a.waiting_rows} waiting + ${a.rows_under_way} under way`,
    faults.length === 0
      ? 'The account adds up.'
      : `The account does NOT add up:\n${faults.map((f) => `  ${f}`).join('\n')}`,
    '',
  ].join('\n');
}
