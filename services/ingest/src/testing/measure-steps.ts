// What each step of the ticket lane costs, without Kafka, Postgres or blobs: tickets as lines of JSON on standard input, CPU
// seconds per 100,000 of them on standard output. Masking runs with names and without, in turns, so that a busy machine slows
// both alike. For `npm run bench -- ingest-steps` only: it is not in any image.
import { createInterface } from 'node:readline';
import { builtInEntities } from '@assay/pii/entity';
import { createMasker } from '@assay/pii/masker';
import type { Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import { bronzeLine } from '../bronze/domain/bronze-line.ts';
import { decodeTicket } from '../tickets/decode-ticket.step.ts';
import { identify } from '../tickets/identify.step.ts';
import { maskPii } from '../tickets/mask-pii.step.ts';
import { repairText } from '../tickets/repair-text.step.ts';
import { columnsOf } from '../tickets/store-documents.ts';
import { toDocument } from '../tickets/to-document.step.ts';

const NAMES: readonly string[] = ['PERSON', 'STREET_ADDRESS', 'ZIP_CODE', 'LOCATION'];
const ROUNDS = 8;
const PER = 100_000;
const BATCH = 1_500;

const records: SourceRecord[] = [];
for await (const line of createInterface({ input: process.stdin }))
  records.push({
    topic: 'tickets.raw.v1',
    partition: 0,
    offset: BigInt(records.length),
    timestamp: Date.UTC(2026, 0, 5),
    key: null,
    value: Buffer.from(line),
    headers: {},
  });

const best = new Map<string, number>();

function measure<T>(name: string, work: () => T): T {
  const before = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(before);
  const seconds = ((user + system) / 1e6 / records.length) * PER;
  best.set(name, Math.min(best.get(name) ?? Infinity, seconds));
  return result;
}

const through = <I, O>(name: string, step: (input: I) => Outcome<O>, inputs: readonly I[]): O[] =>
  measure(name, () =>
    inputs.map((input) => {
      const outcome = step(input);
      if (outcome.kind !== 'accepted') throw new Error(`${name} refused a ticket`);
      return outcome.value;
    }),
  );

const identifyTicket = identify({ key: Buffer.alloc(32, 1), madeLocally: true });
const withNames = maskPii(createMasker());
const withoutNames = maskPii(createMasker({ types: builtInEntities.filter((type) => !NAMES.includes(type)) }));

for (let round = 0; round < ROUNDS; round++) {
  const tickets = through('decode', decodeTicket, records);
  const identified = through('identify', identifyTicket, tickets);
  const repaired = through('repair', repairText, identified);
  through('mask, without names', withoutNames, repaired);
  const masked = through('mask', withNames, repaired);
  const documents = through('to a document', toDocument, masked);
  measure('a line of bronze', () => records.map((record) => bronzeLine(record)));
  const rows = documents.map((document) => ({ ...document, bronze_path: 'tickets.raw.v1/0/a-blob#1' }));
  measure('columns for Postgres', () => {
    for (let at = 0; at < rows.length; at += BATCH) columnsOf(rows.slice(at, at + BATCH));
  });
}
for (const [name, seconds] of best) process.stdout.write(`  ${name.padEnd(22)}${seconds.toFixed(2).padStart(6)}\n`);
