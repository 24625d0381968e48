import { roles } from '@assay/shared/contracts/roles';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { appendToStreams } from './append-lines.ts';
import type { Stream } from './domain/stream-lines.ts';
import { readLinesAfter } from './read-lines.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const EVERYTHING = { lines: 10_000, bytes: 2 ** 30 };
const numbers = async (stream: Stream) =>
  (
    await bed.query<{ doc_id: string; version: number; seq: number }>(
      `select doc_id, version, seq::integer from assay.output_lines where stream = '${stream}' order by seq`,
    )
  ).map(({ doc_id, version, seq }) => [seq, Number(doc_id), version]);
const line = (stream: Stream, number: number) =>
  ({ stream, doc_id: docIdOf(number), life: 1, version: 1, op: 'add', line: '{}' }) as const;

/** Until somebody waits for a lock of ours. */
async function untilBlocked(): Promise<void> {
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await bed.query(blocked)).length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('appending', () => {
  it('counts each stream by itself, in the order of documents within a batch, and goes on where it stopped', async () => {
    await bed.storeDocuments(3);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'disagreement'));
    await bed.apply(decision(3, 1, 'gold'), decision(1, 2, 'disagreement'));

    expect(await numbers('gold')).toEqual([
      [1, 1, 1],
      [2, 1, 2],
      [3, 3, 1],
    ]);
    expect(await numbers('disagreements')).toEqual([
      [1, 2, 1],
      [2, 1, 2],
    ]);
  });

  it('leaves no hole where a transaction was rolled back', async () => {
    const failing = bed.postgres.transaction('synchronous', async (tx) => {
      await appendToStreams(tx, [line('gold', 1), line('gold', 2)]);
      throw new Error('the ledger was moved by another instance');
    });
    await expect(failing).rejects.toThrow('the ledger');
    await bed.postgres.transaction('synchronous', (tx) => appendToStreams(tx, [line('gold', 3)]));

    expect(await numbers('gold')).toEqual([[1, 3, 1]]);
  });

  it('waits for who was there before, so the first number is visible first', async () => {
    const [written, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const early = bed.postgres.transaction('synchronous', async (tx) => {
      await appendToStreams(tx, [line('gold', 1)]);
      written.resolve();
      await released.promise;
    });
    await written.promise;
    const late = bed.postgres.transaction('synchronous', (tx) => appendToStreams(tx, [line('gold', 2)]));
    await untilBlocked();
    expect(await readLinesAfter(bed.postgres, 'gold', 0, EVERYTHING)).toEqual([]);
    released.resolve();
    await Promise.all([early, late]);

    expect(await numbers('gold')).toEqual([
      [1, 1, 1],
      [2, 2, 1],
    ]);
  });

  it('never shows a tailing consumer a smaller number after a larger one, nor a hole, whoever writes', async () => {
    const documents = 400;
    await bed.storeDocuments(documents);
    const write = async (from: number) => {
      for (let number = from; number <= documents; number += 4)
        await bed.apply(decision(number, 1, number % 3 === 0 ? 'disagreement' : 'gold'));
    };
    const inGold = documents - Math.floor(documents / 3);
    const tailed: number[] = [];
    const tail = async () => {
      while (tailed.length < inGold) {
        const lines = await readLinesAfter(bed.postgres, 'gold', tailed.at(-1) ?? 0, EVERYTHING);
        tailed.push(...lines.map(({ seq }) => Number(seq)));
      }
    };
    await Promise.all([write(1), write(2), write(3), write(4), tail()]);

    expect(tailed).toEqual(Array.from({ length: inGold }, (_, index) => index + 1));
  });

  it('keeps the count of bytes that segments are cut by', async () => {
    await bed.storeDocuments(2, () => 'ein „Text“ mit 🧾');
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'));

    const [row] = await bed.query(
      `select bytes = (select sum(octet_length(line) + 1) from assay.output_lines) as adds_up
         from assay.streams where stream = 'gold'`,
    );
    expect(row).toEqual({ adds_up: true });
  });

  it('is the only way a line is written: the service may not change one', async () => {
    const [row] = await bed.query(
      `select has_table_privilege('${roles.output}', 'assay.output_lines', 'update') as may_change`,
    );
    expect(row).toEqual({ may_change: false });
  });
});

describe('readLinesAfter', () => {
  it('stops at the byte limit, but never before one line', async () => {
    await bed.storeDocuments(3, (number) => 'x'.repeat(number === 1 ? 5_000 : 10));
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));
    const read = async (after: number, limits: { lines: number; bytes: number }) =>
      (await readLinesAfter(bed.postgres, 'gold', after, limits)).map(({ seq }) => Number(seq));

    expect(await read(0, { lines: 10, bytes: 100 })).toEqual([1]);
    expect(await read(1, { lines: 10, bytes: 10_000 })).toEqual([2, 3]);
    expect(await read(0, { lines: 2, bytes: 10_000 })).toEqual([1, 2]);
    expect(await read(3, { lines: 10, bytes: 10_000 })).toEqual([]);
  });
});
