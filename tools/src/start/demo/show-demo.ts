import { join } from 'node:path';
import type { CountRow } from '@assay/agreement/count-rows';
import { containers } from '@assay/shared/contracts/blobs';
import { Kafka, logLevel } from 'kafkajs';
import { roles } from '@assay/shared/contracts/roles';
import pg from 'pg';
import { writeJson } from '../../infra/whole-file.ts';
import { agreementOf, type DemoReport, faultsAtRest, renderReport } from './demo-report.ts';
import { type DemoGold, runDemo, type Show } from './run-demo.ts';
import { SystemFacts } from './system-facts.ts';

/** Runs the demo, writes account.json, says what came of it; answers whether the account adds up. */
export async function showDemo(show: Show): Promise<boolean> {
  const { kafkaBrokers, databaseUrl } = show.system.addresses;
  const kafka = new Kafka({ clientId: 'assay-demo', brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer({ allowAutoTopicCreation: false })];
  const [reader, output] = [roles.reader, roles.output].map((role) => poolAs(databaseUrl, role)) as [pg.Pool, pg.Pool];
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    const facts = new SystemFacts({ reader, output }, admin);
    const gold = await runDemo(show, facts, producer);
    const report = await reportOf(show, facts, gold);
    writeJson(join(show.system.folder, 'account.json'), report);
    show.stages.say(`\n${renderReport(report)}\n            copied to ${gold.copy}\n`);
    return report.faults.length === 0;
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect(), reader.end(), output.end()]);
  }
}

function poolAs(databaseUrl: string, role: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, options: `-c role=${role}` });
  // An idle connection that ends is replaced; one in use rejects its query.
  pool.on('error', () => {});
  return pool;
}

async function reportOf({ system, stages }: Show, facts: SystemFacts, { manifest }: DemoGold): Promise<DemoReport> {
  const account = await facts.account();
  const { file, sha256, line_count } = manifest;
  const segments = await facts.goldSegments();
  return {
    account,
    faults: faultsAtRest(account),
    agreement: agreementOf(await facts.agreementRows<CountRow & { readonly field: string }>()),
    gold: { container: containers.gold, release: file, sha256, lines: line_count, segments },
    seconds_by_stage: stages.secondsByStage,
    peak_rss_bytes: system.peaks(),
  };
}
