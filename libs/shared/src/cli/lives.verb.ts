import { defineVerb, exitCodes, type Terminal, UsageError } from '@assay/cli/verb';
import { roles } from '../contracts/roles.ts';
import { beginLife, holdLives, thisLife } from '../postgres/lives.ts';
import type { Postgres } from '../postgres/postgres.ts';
import type { Statement } from '../postgres/statement.ts';
import { CONNECTION_USAGE, connectionOptions } from './config.ts';
import { withDatabase } from './with-database.ts';

const readLives: Statement = {
  name: 'read-lives',
  text: `select life, reason, began_at, captured_at from lineage.lives order by life`,
};

export const verb = defineVerb({
  name: 'lives',
  summary: 'show the lives of the database, or begin another one after a restore',
  usage: `usage: assay lives show [options]
       assay lives begin --reason TEXT [options]

A restore from a backup makes another life of the database; its number outranks the version of a decision. It is noticed by
cluster, timeline and database, and by decisions in the topic that are not there. \`begin\` says so where neither can show it,
such as a file system that was set back while the topic lost its decisions. Then \`assay redecide\` says every decision again.

  --reason TEXT    what happened; it is kept
${CONNECTION_USAGE}`,
  options: { ...connectionOptions, reason: { type: 'string' } },
  words: { least: 1, most: 1, are: 'what to do, show or begin' },

  run({ values, words: [action] }, terminal) {
    const dataDir = values['data-dir'];
    if (action === 'show')
      return withDatabase(dataDir, roles.reader, (postgres) => show(postgres, values.json, terminal));
    if (action !== 'begin') throw new UsageError(`the action is show or begin, not "${action}"`);
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError('begin needs --reason TEXT');
    return withDatabase(dataDir, roles.validator, (postgres) => begin(postgres, reason, values.json, terminal));
  },
});

interface Life {
  readonly life: number;
  readonly reason: string;
  readonly began_at: Date;
  readonly captured_at: Date | null;
}

async function show(postgres: Postgres, json: boolean, { stdout }: Terminal): Promise<number> {
  const lives = await postgres.query<Life>(readLives, []);
  if (json) stdout.write(`${JSON.stringify(lives)}\n`);
  else
    for (const { life, reason, began_at, captured_at } of lives) {
      const capture = captured_at === null ? ' (Debezium has not read the tables for it yet)' : '';
      stdout.write(`${life} since ${began_at.toISOString()}: ${reason}${capture}\n`);
    }
  return exitCodes.done;
}

async function begin(postgres: Postgres, reason: string, json: boolean, { stdout }: Terminal): Promise<number> {
  const life = await postgres.transaction('synchronous', async (tx) => {
    await holdLives(tx);
    return beginLife(tx, await thisLife(tx), reason);
  });
  stdout.write(json ? `${JSON.stringify({ life })}\n` : `Life ${life} has begun.\n`);
  return exitCodes.done;
}
