import { createConnectClient } from '../cdc/connect-client.ts';
import { readTablesAgain } from '../cdc/register-connector.ts';
import { replicationUrl, slotAccess } from '../cdc/replication-slot.ts';
import { roles } from '../contracts/roles.ts';
import { type Endpoints, readCdcSettings, required } from './config.ts';
import { withDatabase } from './with-database.ts';

export type MendName = 'change events';

/** What `assay reconcile --mend` can do. Each answers what it has done, and may be done again. */
export const mends: Readonly<Record<MendName, (endpoints: Endpoints, dataDir: string) => Promise<string>>> = {
  'change events': readChangesAgain,
};

/** As long as Kafka Connect may take to end a task, and some more. */
const STOPS_WITHIN_MS = 60_000;

async function readChangesAgain(endpoints: Endpoints, dataDir: string): Promise<string> {
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
