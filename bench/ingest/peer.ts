import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '@assay/tools/infra/cache-folder';
import { type Measured, startMeasuring } from './measured.ts';

const SOURCES = join(import.meta.dirname, 'peer');
const NAME = 'Benthos 4.27.0, tuned';

/** Where the peer's program is; a text that says why there is none, and what makes one. */
export function findPeer(env: NodeJS.ProcessEnv): { readonly program: string } | { readonly missing: string } {
  const [main, sums] = ['main.go', 'go.sum'].map((file) => readFileSync(join(SOURCES, file)));
  const version = createHash('sha256').update(main!).update(sums!).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(env), 'bench-peer');
  const program = join(folder, `benthos-${version}`);
  if (existsSync(program)) return { program };
  if (spawnSync('go', ['version']).status !== 0)
    return { missing: 'the peer is written in Go, which is not installed: `apt-get install golang` (1.24 or later)' };
  process.stdout.write('Building the peer (once; some minutes)…\n');
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', program, '.'], {
    cwd: SOURCES,
    encoding: 'utf8',
  });
  return built.status === 0
    ? { program }
    : { missing: `\`go build\` in bench/ingest/peer failed:\n${built.stderr.trim().split('\n').slice(-5).join('\n')}` };
}

/** The rows that a statement answers. */
interface Database {
  query(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

export interface PeerRun {
  readonly program: string;
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly database: Database;
  readonly postgres: number;
  readonly rows: number;
}

const LOOK_EVERY_MS = 250;
const STUCK_AFTER_MS = 60_000;

/** The same topic into a table of its own, as fast as it can: identity, six masks, one index, no ledger, no raw lines kept. */
export async function measurePeer(run: PeerRun): Promise<Measured> {
  await run.database.query('create schema peer');
  await run.database.query(readFileSync(join(SOURCES, 'schema.sql'), 'utf8'));
  const measured = startMeasuring(NAME, run.postgres);
  const peer = spawn(run.program, ['-c', join(SOURCES, 'tuned.yaml')], {
    env: {
      ...process.env,
      BROKERS: run.brokers,
      TOPIC: run.topic,
      DSN: `${run.databaseUrl}?sslmode=disable`,
      GROUP: 'bench-peer',
    },
    stdio: ['ignore', 'inherit', 'inherit'], // it says what is wrong on its standard output, and nothing else
  });
  try {
    const ended = await drained(peer, run);
    return measured(peer.pid!, run.rows, ended);
  } finally {
    peer.kill('SIGTERM');
  }
}

/** When the last row came. Rows are counted at standstill only: each count is charged to Postgres. */
async function drained(peer: ChildProcess, { database, rows }: PeerRun): Promise<number> {
  let size = -1;
  let grew = performance.now();
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    if (peer.exitCode !== null) throw new Error(`the peer ended with ${peer.exitCode}`);
    const now = await numberOf(database, `select pg_relation_size('peer.documents')`);
    const isStill = now === size;
    size = now;
    if (!isStill) grew = performance.now();
    else if (now > 0 && (await numberOf(database, 'select count(*) from peer.documents')) >= rows) return grew;
    if (performance.now() - grew > STUCK_AFTER_MS) throw new Error('the peer does not get on');
  }
}

const numberOf = async (database: Database, sql: string): Promise<number> =>
  Number(Object.values((await database.query(sql)).rows[0]!)[0]);
