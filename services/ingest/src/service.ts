import { createMasker, type Masker } from '@assay/pii/masker';
import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { assembleService } from '@assay/shared/bootstrap/assemble-service';
import { connectPlatform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { Logger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { createBronze } from './bronze/bronze.ts';
import { bronzeSweep } from './bronze/bronze-sweep.ts';
import type { IngestConfig } from './config.ts';
import { openNameFinder } from './deep-pass/open-name-finder.ts';
import { flows } from './flows.ts';
import { sources } from './sources/registry.ts';
import { createTicketPublisher } from './sources/ticket-publisher.ts';
import { probe } from './tickets/ask-names.ts';
import { identifyRecord } from './tickets/ticket-lane.ts';
import { guardIdentity } from './tickets/identity-guard.ts';

export interface BuildOptions {
  readonly config: IngestConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  /** Tests end the process at a crash point of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
  /** Benches leave out a part of it. */
  readonly masker?: Masker;
}

/** The parts of ingest, connected. What they do is in flows.ts. */
export async function buildIngest(options: BuildOptions): Promise<ServiceParts> {
  const { config, log, onFatal, listeners = [], masker = createMasker() } = options;
  const platform = await connectPlatform({
    service: 'ingest',
    role: roles.ingest,
    settings: config,
    topics: [topics.ticketsRaw, topics.ingestDeadLetters],
    log,
  });
  const { postgres, kafka } = platform;
  const { keyId } = await guardIdentity(postgres, config.INGEST_IDENTITY_KEY);
  log.info({ keyId }, 'Identity key accepted.');

  const nameFinder = await openNameFinder(config);
  const blobs = await openBlobStore(config.BLOB_CONNECTION_STRING, containers.bronze);
  const bronze = createBronze(blobs, config.INGEST_BRONZE_KEY);
  const docIdOf = identifyRecord(config.INGEST_IDENTITY_KEY);
  const sweepBronze = bronzeSweep({ blobs, bronze, postgres, docIdOf }, config.INGEST_BRONZE_SWEEP_AFTER_HOURS, log);
  const tickets = { identityKey: config.INGEST_IDENTITY_KEY, masker, nameFinder, documents: postgres, bronze };
  const source = { config, publisher: createTicketPublisher(kafka.writer), log };
  return assembleService({
    platform,
    flows: flows({ sources, source, tickets, sweepBronze }),
    checks: [
      { name: 'blob', check: () => blobs.ping() },
      ...(nameFinder === null ? [] : [{ name: 'deep-pass', check: () => probe(nameFinder) }]),
    ],
    http: config,
    listeners,
    onFatal,
  });
}
