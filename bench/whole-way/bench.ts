// `npm run bench -- whole-way [--documents 20000] [--growth] [--statements]`: tickets with two votes each, from the topic to the
// segments. CPU seconds of every process are the figures to compare: wall time moves with whatever else the machine does.
// --growth repeats it with 400,000 and 1,000,000 documents there; --statements shows what each statement of Postgres costs.
import { parseArgs } from 'node:util';
import { SystemBed } from '@assay/e2e/support/system-bed';
import { fillTo } from './fill.ts';
import { copyFloor } from './floor.ts';
import { shown, sumOf, type Spent } from './processes.ts';
import { type Stage, takeDocuments, takeVotes } from './stages.ts';
import { profileSettings, statementProfile } from './statement-profile.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    growth: { type: 'boolean', default: false },
    statements: { type: 'boolean', default: false },
  },
});
const count = Number(values.documents);
const PER = 100_000;
const GROWN_TO = [400_000, 1_000_000];

const print = (line: string) => process.stdout.write(`${line}\n`);
const add = (stages: readonly Stage[]): Spent => {
  const sum: Record<string, number> = {};
  for (const { spent } of stages)
    for (const [name, seconds] of Object.entries(spent)) sum[name] = (sum[name] ?? 0) + seconds;
  return sum;
};

const sizeQuery = `
  select sum(pg_total_relation_size(c.oid))::float8 as bytes
    from pg_class c join pg_namespace n on n.oid = relnamespace
   where relkind = 'r' and nspname in ('public', 'assay')`;
const tableSizes = `
  select relname as name, pg_total_relation_size(c.oid)::float8 as bytes
    from pg_class c join pg_namespace n on n.oid = relnamespace
   where relkind = 'r' and nspname in ('public', 'assay') order by 2 desc limit 10`;

async function measure(bed: SystemBed, run: string): Promise<void> {
  const size = async () => (await bed.database.query<{ bytes: number }>(sizeQuery)).rows[0]!.bytes;
  const before = await size();
  const documents = await takeDocuments(bed, count, run);
  const votes = await takeVotes(bed, count, run);
  for (const { name, seconds, spent } of [...documents, ...votes])
    print(`  ${name.padEnd(26)} ${seconds.toFixed(1).padStart(7)} s   CPU s: ${shown(spent)}`);
  const perDocuments = add(documents);
  const perVotes = add(votes);
  const scale = PER / count;
  print(`  documents, per ${PER}: ${(sumOf(perDocuments) * scale).toFixed(1)} CPU s (${shown(perDocuments, scale)})`);
  const voteScale = scale / 2;
  const settling = votes[0]!.seconds + votes[1]!.seconds;
  print(
    `  votes, per ${PER}: ${(sumOf(perVotes) * voteScale).toFixed(1)} CPU s (${shown(perVotes, voteScale)}); ${Math.round((2 * count) / settling)} votes/s until their lines are in segments`,
  );
  const whole = add([...documents, ...votes]);
  print(`  the whole way, per ${PER} documents with two votes: ${(sumOf(whole) * scale).toFixed(0)} CPU s`);
  print(`  disk, tables and indexes: ${Math.round(((await size()) - before) / count)} bytes a document`);
  const floor = await copyFloor(bed, count);
  print(
    `  COPY of what the votes became: ${(floor * voteScale).toFixed(1)} CPU s per ${PER} votes; Postgres is at ${((perVotes['postgres'] ?? 0) / floor).toFixed(1)} ×`,
  );
}

// Without fsync, as all beds of tests; the pauses of the pollers are short (e2e/support/system-bed.ts).
const bed = await SystemBed.start(undefined, values.statements ? { postgresSettings: profileSettings } : {});
try {
  print(`${count} documents with two votes each, into an empty system`);
  await measure(bed, 'empty');
  if (values.growth)
    for (const there of GROWN_TO) {
      await fillTo(bed, there);
      print(`${count} more, with ${there} documents there`);
      await measure(bed, `at-${there}`);
    }
  for (const { name, bytes } of (await bed.database.query<{ name: string; bytes: number }>(tableSizes)).rows)
    print(`  ${name.padEnd(22)} ${(bytes / 2 ** 20).toFixed(1).padStart(8)} MiB`);
  if (values.statements) print(statementProfile(bed));
} finally {
  await bed.stop();
}
