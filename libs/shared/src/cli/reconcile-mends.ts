import { createConnectClient } from '../cdc/connect-client.ts';
import { readTablesAgain } from '../cdc/register-connector.ts';
import { replicationUrl, slotAccess } from '../cdc/replication-slot.ts';
import { roles } from '../contracts/roles.ts';
import type { Statement } from '../postgres/statement.ts';
import { type Endpoints, readCdcSettings, required } from './config.ts';
import { withDatabase } from './with-database.ts';

export type MendName = 'change events' | 'label files';

/** Something that was found, and what could be done about it. */
export interface Finding {
  readonly what: string;
  readonly mend: string;
  /** What --mend does about it. */
  readonly by?: MendName;
  readonly file?: { readonly path: string; readonly sha256: string };
}

export interface Mending {
  readonly endpoints: Endpoints;
  readonly dataDir: string;
  readonly found: readonly Finding[];
}

/** What `assay reconcile --mend` can do. Each answers what it has done, and may be done again. */
export const mends: Readonly<Record<MendName, (mending: Mending) => Promise<string>>> = {
  'change events': readChangesAgain,
  'label files': sendLabelsAgain,
};

/** As long as Kafka Connect may take to end a task, and some more. */
const STOPS_WITHIN_MS = 60_000;

async function readChangesAgain({ endpoints, dataDir }: Mending): Promise<string> {
  const { connectorName, cdcDatabaseUrl } = readCdcSettings();
  const client = createConnectClient(required(endpoints, 'connectUrl', 'CONNECT_URL', dataDir));
  const replication = replicationUrl(required(endpoints, 'databaseUrl', 'DATABASE_URL', dataDir), cdcDatabaseUrl);
  await withDatabase(dataDir, roles.reader, (postgres) =>
    readTablesAgain(
      { client, name: connectorName, slot: slotAccess(postgres, replication, connectorName) },
      {
        backoff: { firstDelayMs: 100, maxDelayMs: 1_000, giveUpAfterMs: STOPS_WITHIN_MS },
        stopping: new AbortController().signal,
        onRetry: async () => {},
      },
    ),
  );
  return 'Debezium reads its tables once more; look again when the lanes have no lag.';
}

const wantFilesAgain: Statement = {
  name: 'want-label-files-again',
  text: `
    update assay.label_files as f
       set is_wanted_again = true
      from unnest($1::text[], $2::text[]) as wanted (path, sha256)
     where f.path = wanted.path and f.sha256 = wanted.sha256 and not f.is_wanted_again`,
};

async function sendLabelsAgain({ dataDir, found }: Mending): Promise<string> {
  const files = found.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const columns = [files.map(({ path }) => path), files.map(({ sha256 }) => sha256)];
  await withDatabase(dataDir, roles.bridge, (postgres) => postgres.query(wantFilesAgain, columns));
  return 'annotation-bridge sends the rows of these files once more; look again when the lanes have no lag.';
}
