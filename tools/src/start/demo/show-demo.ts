import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containers } from '@assay/shared/contracts/blobs';
import type { CountRow } from '@assay/agreement/count-rows';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { RunningSystem } from '../running-system.ts';
import type { StageRunner } from '../stage-runner.ts';
import { agreementOf, type DemoReport, faultsAtRest, renderReport } from './demo-report.ts';
import { type DemoGold, runDemo } from './run-demo.ts';
import { SystemFacts } from './system-facts.ts';

/** Of a running system, what the demo looks at; containers have one too, which nobody here has started. */
export interface ShownSystem extends Pick<RunningSystem, 'addresses' | 'environment' | 'peaks'> {
  readonly services: Pick<RunningSystem['services'], 'ingest'>;
  readonly infrastructure: Pick<RunningSystem['infrastructure'], 'dataDir'>;
  readonly apiKey?: string;
}

export interface Show {
  readonly system: ShownSystem;
  readonly stages: StageRunner;
  readonly tickets: number;
  readonly abort: AbortSignal;
}

/** Runs the demo, writes DIR/account.json, says what came of it; answers whether the account adds up. */
export async function showDemo(show: Show): Promise<boolean> {
  const { system, stages } = show;
  const { kafkaBrokers, databaseUrl } = system.addresses;
  const kafka = new Kafka({ clientId: 'assay-demo', brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })];
  const database = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  // An idle connection that ends is replaced; one in use rejects its query.
  database.on('error', () => {});
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    const facts = new SystemFacts(database, admin);
    const gold = await runDemo(demoSystemOf(show, facts, producer), stages, show.tickets);
    const report = await reportOf(show, facts, gold);
    writeAccount(system.infrastructure.dataDir, report);
    stages.rest();
    stages.say(`\n${renderReport(report)}\n            copied to ${gold.copy}\n`);
    return report.faults.length === 0;
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect(), database.end()]);
  }
}

function demoSystemOf({ system, abort }: Show, facts: SystemFacts, producer: ReturnType<Kafka['producer']>) {
  return {
    ingestUrl: system.services.ingest,
    apiKey: system.apiKey,
    blobConnectionString: system.addresses.blobConnectionString,
    producer,
    facts,
    environment: system.environment,
    goldFolder: join(system.infrastructure.dataDir, 'gold'),
    abort,
  };
}

async function reportOf({ system, stages }: Show, facts: SystemFacts, gold: DemoGold): Promise<DemoReport> {
  const account = await facts.account();
  const { file, sha256, line_count } = gold.manifest;
  return {
    account,
    faults: faultsAtRest(account),
    agreement: agreementOf(await facts.agreementRows<CountRow & { readonly field: string }>()),
    gold: {
      container: containers.gold,
      release: file,
      sha256,
      lines: line_count,
      segments: await facts.goldSegments(),
    },
    seconds_by_stage: stages.secondsByStage,
    peak_rss_bytes: system.peaks(),
  };
}

function writeAccount(dataDir: string, report: DemoReport): void {
  const file = join(dataDir, 'account.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
