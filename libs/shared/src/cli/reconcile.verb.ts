import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import type { BlobStore } from '../blob/blob-store.ts';
import { openBlobStore } from '../blob/open-blob-store.ts';
import { containers } from '../contracts/blobs.ts';
import { roles } from '../contracts/roles.ts';
import type { Statement } from '../postgres/statement.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { CONNECTION_USAGE, connectionOptions, readEndpoints, required } from './config.ts';
import { type Finding, mends } from './reconcile-mends.ts';
import { withDatabase } from './with-database.ts';

/** Documents whose change event nobody has read, and decisions output has not applied: Debezium lost them, or they are new. */
const readUnseen: Statement = {
  name: 'read-unseen',
  text: `select kind, doc_id, since from lineage.unseen where since < now() - make_interval(secs => $1) order by since limit 1000`,
};

const readWaiting: Statement = {
  name: 'read-waiting-decisions',
  text: `
    select doc_id, since from lineage.waiting_decisions
     where since < now() - make_interval(secs => $1) order by since limit 1000`,
};

/** Only the newest content of a path can be read again; the log may have lost its rows, or they are refused. */
const readUnsettled: Statement = {
  name: 'read-unsettled-label-files',
  text: `
    select path, sha256, published_count - settled_count as missing
      from (select distinct on (path) * from lineage.label_files order by path, read_at desc) as newest
     where settled_count < published_count and read_at < now() - make_interval(secs => $1)
     order by path
     limit 1000`,
};

const readBlobs: Statement = {
  name: 'read-confirmed-blobs',
  text: `select container, blob_name, sha256 from lineage.blobs order by container, blob_name`,
};

export const verb = defineVerb({
  name: 'reconcile',
  summary: 'compare Postgres with what left it: change events, labels, blobs',
  usage: `usage: assay reconcile [options]

Finds documents whose change event was never read, decisions that output never applied or whose document is missing, label rows that were sent and never
settled, and blobs that are missing or have other content than their plan. Says what mends it, and with --mend does it where it can. Exits 1 when something is left.

  --mend           send the rows of label files once more; where change events were never read, make Debezium read its
                   tables once more (CONNECT_URL, CDC_DATABASE_URL and CDC_CONNECTOR_NAME as annotation-bridge has
                   them). Repeats count for nothing; ended half way, run it again
${CONNECTION_USAGE}
  --older-than-s N  leave out what may still be on its way (default 60)`,
  options: {
    ...connectionOptions,
    mend: { type: 'boolean' },
    'older-than-s': { type: 'string', default: '60' },
  },

  async run({ values }, { stdout }) {
    const dataDir = values['data-dir'];
    const olderThanSeconds = values['older-than-s'];
    if (!/^\d{1,9}$/.test(olderThanSeconds)) throw new UsageError('--older-than-s must be a number of seconds');
    const endpoints = await readEndpoints(dataDir);
    const connection = required(endpoints, 'blobConnectionString', 'BLOB_CONNECTION_STRING', dataDir);
    const found = await withDatabase(dataDir, roles.reader, async (postgres) => [
      ...(await unseen(postgres, Number(olderThanSeconds))),
      ...(await waitingDecisions(postgres, Number(olderThanSeconds))),
      ...(await unsettledFiles(postgres, Number(olderThanSeconds))),
      ...(await wrongBlobs(postgres, connection)),
    ]);
    if (values.json) stdout.write(`${JSON.stringify(found)}\n`);
    else if (found.length === 0) stdout.write('Postgres and what left it agree.\n');
    else for (const { what, mend } of found) stdout.write(`${what}\n  → ${mend}\n`);
    if (values.mend !== true) return found.length === 0 ? exitCodes.done : exitCodes.failed;

    const names = new Set(found.flatMap(({ by }) => (by === undefined ? [] : [by])));
    for (const name of names) {
      const done = await mends[name]({ endpoints, dataDir, found });
      if (!values.json) stdout.write(`${done}\n`);
    }
    return found.every(({ by }) => by !== undefined) ? exitCodes.done : exitCodes.failed;
  },
});

async function unseen(postgres: Postgres, olderThanSeconds: number): Promise<readonly Finding[]> {
  const rows = await postgres.query<{ kind: string; doc_id: string; since: Date }>(readUnseen, [olderThanSeconds]);
  return rows.map(({ kind, doc_id, since }) => ({
    what: `${kind} ${doc_id} of ${since.toISOString()} was never read downstream`,
    mend: 'if cdc is up in /ready of annotation-bridge and its lanes have no lag, --mend: a new snapshot delivers everything, repeats change nothing.',
    by: 'change events',
  }));
}

async function waitingDecisions(postgres: Postgres, olderThanSeconds: number): Promise<readonly Finding[]> {
  const rows = await postgres.query<{ doc_id: string; since: Date }>(readWaiting, [olderThanSeconds]);
  return rows.map(({ doc_id, since }) => ({
    what: `a decision waits since ${since.toISOString()} for document ${doc_id}, which Postgres does not have`,
    mend: 'was Postgres restored from a backup? When ingest stores the ticket again, the decision is applied: read its topic once more (assay offsets set), or send the ticket again.',
  }));
}

async function unsettledFiles(postgres: Postgres, olderThanSeconds: number): Promise<readonly Finding[]> {
  const rows = await postgres.query<{ path: string; sha256: string; missing: number }>(readUnsettled, [
    olderThanSeconds,
  ]);
  return rows.map(({ path, sha256, missing }) => ({
    what: `label file ${path}: ${missing} of its rows were sent and never settled`,
    mend: 'if they are no dead letters and the lanes of quality-validator have no lag, --mend: its rows are sent once more, those that are settled count for nothing.',
    by: 'label files',
    file: { path, sha256 },
  }));
}

async function wrongBlobs(postgres: Postgres, connection: string): Promise<readonly Finding[]> {
  const stores = new Map<string, BlobStore>();
  for (const name of Object.values(containers)) stores.set(name, await openBlobStore(connection, name));
  const rows = await postgres.query<{ container: string; blob_name: string; sha256: string }>(readBlobs, []);
  const findings: Finding[] = [];
  for (const { container, blob_name: name, sha256 } of rows) {
    const metadata = await stores.get(container)!.metadata(name);
    if (metadata?.['sha256'] === sha256) continue;
    findings.push({
      what: `blob ${container}/${name} ${metadata === null ? 'is missing' : 'has other content than its plan'}`,
      mend: 'restore it from a backup of the blob store; segments can be made again from lineage.gold_lines.',
    });
  }
  return findings;
}
