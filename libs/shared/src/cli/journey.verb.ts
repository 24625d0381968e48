import { defineVerb, exitCodes } from '@assay/cli/verb';
import { roles } from '../contracts/roles.ts';
import type { Statement } from '../postgres/statement.ts';
import { CONNECTION_USAGE, connectionOptions } from './config.ts';
import { withDatabase } from './with-database.ts';

const readJourney: Statement = { name: 'read-journey', text: 'select * from lineage.journey($1)' };

export interface JourneyStop {
  readonly at: Date;
  readonly stop: string;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const verb = defineVerb({
  name: 'journey',
  summary: 'tell the whole story of a document, and why it is or is not in gold',
  usage: `usage: assay journey <doc_id> [options]

${CONNECTION_USAGE}`,
  options: connectionOptions,
  words: { least: 1, most: 1, are: 'the doc_id of one document' },

  async run({ values, words: [docId] }, { stdout, stderr }) {
    const stops = await withDatabase(values['data-dir'], roles.reader, (postgres) =>
      postgres.query<JourneyStop>(readJourney, [docId]),
    );
    if (stops.length === 0) {
      stderr.write(`assay journey: there is no document ${docId}\n`);
      return exitCodes.failed;
    }
    stdout.write(values.json ? `${JSON.stringify(stops)}\n` : renderJourney(stops));
    return exitCodes.done;
  },
});

export function renderJourney(stops: readonly JourneyStop[]): string {
  const lines = stops.map(({ at, stop, event, detail }) => {
    const told = Object.entries(detail).filter(([, value]) => value !== null);
    const details = told.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return `${at.toISOString()}  ${stop.padEnd(18)} ${event.padEnd(28)} ${details.join(' ')}`;
  });
  return `${lines.join('\n')}\n`;
}
