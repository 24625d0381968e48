import { defineVerb, exitCodes } from '@assay/cli/verb';
import { type Account, accountOf, faultsOfAccount, sumsOf } from '../contracts/account.ts';
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

export function renderAccount(account: Account, faults: readonly string[]): string {
  const sums = sumsOf(account).map(({ title, terms }) => {
    const [whole, ...parts] = terms.map(({ count, words }) => `${count} ${words}`.trimEnd());
    return `${title.padEnd(TITLE_WIDTH)}${whole} = ${parts.join(' + ')}`;
  });
  const verdict =
    faults.length === 0
      ? 'The account adds up.'
      : `The account does NOT add up:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return [...sums, verdict, ''].join('\n');
}

const TITLE_WIDTH = 12;
