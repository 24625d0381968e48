import type { Account } from '@assay/shared/contracts/account';
import { blowsOf, type FaultKind, type Victim } from './blows.ts';
import { settledFaults } from './settled-workload.ts';
import { type ServiceName, serviceNames, SystemBed } from './system-bed.ts';
import { until } from './until.ts';
import { Workload } from './workload.ts';

export interface KillAllOptions {
  readonly tickets: number;
  /** How often everybody is struck. The tickets are spread over all the blows, so that each meets some on their way. */
  readonly rounds: number;
  readonly kinds: readonly FaultKind[];
  readonly log: (line: string) => void;
}

export interface KillAllReport {
  readonly struck: Readonly<Partial<Record<FaultKind, number>>>;
  /** Times a service ended by itself and was started again, as its supervisor would. */
  readonly endedByThemselves: Readonly<Record<ServiceName, number>>;
  readonly account: Account;
  readonly goldLines: number;
  /** Sentences for everything that is not as a single pass would have it; none when the run is good. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** What a victim moves: struck right after it has, it is in the middle of its work. */
const progressOf: Readonly<Record<Victim, string>> = {
  ingest: 'select count(*) from public.documents',
  'annotation-bridge': 'select (select pushed from lineage.stages) + (select count(*) from assay.label_files) as count',
  'quality-validator': 'select count(*) from assay.standings',
  output: 'select count(*) from assay.output_lines',
  connect: 'select (select count(*) from assay.deliveries) + (select count(*) from assay.applied_decisions) as count',
};

/** The whole system under load, while everything in it and below it is struck in turn. */
export async function killAll({ tickets, rounds, kinds, log }: KillAllOptions): Promise<KillAllReport> {
  const began = performance.now();
  const bed = await SystemBed.start([], { isCuttable: kinds.includes('cut') });
  const supervision = new Supervision(bed, log);
  try {
    await supervision.startAll();
    const workload = new Workload(bed, { limit: 0, crowd: tickets });
    const round = blowsOf(kinds, { bed, workload, kill: (victim) => supervision.kill(victim) });
    const order = Array.from({ length: rounds }, () => round).flat();
    for (const [index, blow] of order.entries()) {
      workload.allow(Math.ceil(((index + 1) * tickets) / order.length));
      await moved(bed, blow.after);
      await blow.strike();
      log(`${blow.what}; ${workload.tickets} tickets sent, ${workload.desk.rows.length} label rows written`);
    }
    await until('the last ticket to be sent', async () => workload.tickets === tickets);
    await workload.finish();
    log('everything is sent and labelled; waiting for the system to settle');
    const { account, goldLines, faults } = await settledFaults(bed, workload, 600_000);
    const seconds = Math.round((performance.now() - began) / 1000);
    const struck = Object.fromEntries(kinds.map((kind) => [kind, order.filter((blow) => blow.kind === kind).length]));
    return { struck, endedByThemselves: supervision.ended, account, goldLines, faults, seconds };
  } catch (error) {
    bed.explain();
    throw error;
  } finally {
    supervision.end();
    await bed.stop();
  }
}

/** Resolves once the victim has done something more. */
async function moved(bed: SystemBed, victim: Victim): Promise<void> {
  const read = async () => Number((await bed.database.query(progressOf[victim])).rows[0].count);
  const before = await read();
  await until(`${victim} to do something`, async () => (await read()) > before);
}

/** Starts services again when they end, whether somebody killed them or they gave up. */
class Supervision {
  readonly ended: Record<ServiceName, number> = {
    ingest: 0,
    'annotation-bridge': 0,
    'quality-validator': 0,
    output: 0,
  };
  readonly #bed: SystemBed;
  readonly #log: (line: string) => void;
  #isOver = false;

  constructor(bed: SystemBed, log: (line: string) => void) {
    this.#bed = bed;
    this.#log = log;
  }

  async startAll(): Promise<void> {
    for (const name of serviceNames) await this.#start(name);
  }

  async kill(victim: Victim): Promise<void> {
    if (victim === 'connect') {
      const connect = this.#bed.infrastructure.part('connect');
      await connect.stop('SIGKILL');
      await connect.start();
      return;
    }
    await this.#bed.service(victim).kill();
    await this.#start(victim);
  }

  end(): void {
    this.#isOver = true;
  }

  async #start(name: ServiceName): Promise<void> {
    const process = this.#bed.startService(name);
    await process.ready();
    void process.ended().then(async (how) => {
      if (how === 'SIGKILL' || this.#isOver) return;
      this.ended[name]++;
      const why = [...process.linesOf('error').map((line) => JSON.stringify(line)), ...process.noise].slice(-3);
      this.#log(`${name} ended with ${how} and is started again:\n${why.join('\n')}`);
      await this.#start(name);
    });
  }
}
