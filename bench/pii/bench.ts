/**
 * node bench/pii/bench.ts [--count 20000] [--rounds 7] [--json]
 *
 * MB/s a core of the masker, of a six-way regular expression (one alternation, and six passes) and of @redactpii/node,
 * masked text out, over the same tickets in the same process. The contenders take turns within each round, so that a
 * busy machine slows them alike: read the ratios. Rates are per CPU second of the main thread.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createMasker } from '@assay/pii/masker';
import { generateTickets, type TicketOptions } from '@assay/tools/tickets/tickets';
import { maskByPasses, maskByRegex } from './regex-masker.ts';

interface Contender {
  readonly name: string;
  readonly mask: (text: string) => string;
}

interface Corpus {
  readonly name: string;
  readonly texts: readonly string[];
  readonly megabytes: number;
}

interface Row {
  readonly corpus: string;
  readonly contender: string;
  readonly megabytesPerSecond: number;
  readonly toRegex: number;
}

export async function runPiiBench(count: number, rounds: number): Promise<readonly Row[]> {
  const contenders = await createContenders();
  const corpora = [
    corpus('ASCII tickets, 40 % with PII', { count, language: 'ascii' }),
    corpus('ASCII tickets, none with PII', { count, language: 'ascii', pii: 0 }),
    corpus('non-ASCII tickets, 40 % with PII', { count, language: 'world' }),
  ];
  return corpora.flatMap((each) => measure(each, contenders, rounds));
}

function corpus(name: string, options: TicketOptions): Corpus {
  const texts = Array.from(generateTickets({ ...options, seed: 7 }), ({ ticket }) => ticket.text);
  return { name, texts, megabytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6 };
}

async function createContenders(): Promise<readonly Contender[]> {
  const masker = createMasker();
  const contenders: Contender[] = [
    { name: '@assay/pii', mask: (text) => masker.mask(text).text },
    { name: 'six-way regex, one alternation', mask: maskByRegex },
    { name: 'six-way regex, six passes', mask: maskByPasses },
  ];
  const redactor = await loadRedactPii();
  if (redactor === undefined) process.stderr.write('@redactpii/node is not installed: left out.\n');
  else contenders.push({ name: '@redactpii/node', mask: redactor });
  return contenders;
}

/** Loaded by name at run time, since the project does not need it for anything else. */
async function loadRedactPii(): Promise<((text: string) => string) | undefined> {
  const name = '@redactpii/node';
  try {
    const { Redactor } = (await import(name)) as { Redactor: new () => { redact(text: string): string } };
    const redactor = new Redactor();
    return (text) => redactor.redact(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function measure(corpus: Corpus, contenders: readonly Contender[], rounds: number): readonly Row[] {
  const best = contenders.map(() => Infinity);
  for (let round = -1; round < rounds; round++) {
    contenders.forEach(({ mask }, i) => {
      const seconds = cpuSeconds(() => {
        for (const text of corpus.texts) total += mask(text).length;
      });
      // The first round warms up.
      if (round >= 0) best[i] = Math.min(best[i] as number, seconds);
    });
  }
  const regex = best[1] as number;
  return contenders.map(({ name }, i) => ({
    corpus: corpus.name,
    contender: name,
    megabytesPerSecond: corpus.megabytes / (best[i] as number),
    toRegex: regex / (best[i] as number),
  }));
}

/** Keeps the engine from dropping what nobody reads. */
let total = 0;

function cpuSeconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const used = process.threadCpuUsage(before);
  return (used.user + used.system) / 1e6;
}

function print(rows: readonly Row[]): void {
  let corpusName = '';
  for (const row of rows) {
    if (row.corpus !== corpusName) process.stdout.write(`\n${row.corpus}\n`);
    corpusName = row.corpus;
    const rate = row.megabytesPerSecond.toFixed(1).padStart(8);
    process.stdout.write(
      `  ${row.contender.padEnd(34)}${rate} MB/s${row.toRegex.toFixed(2).padStart(8)} x the regex\n`,
    );
  }
  const own = (name: string): number =>
    rows.find((row) => row.contender === '@assay/pii' && row.corpus.startsWith(name))?.megabytesPerSecond ?? 0;
  const share = own('non-ASCII') / own('ASCII tickets, 40');
  process.stdout.write(`\nnon-ASCII to ASCII, @assay/pii: ${share.toFixed(2)}  (checksum ${total})\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
    },
  });
  const rows = await runPiiBench(Number(values.count), Number(values.rounds));
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else print(rows);
}
