import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { numberLines, numberStreams } from './number-lines.ts';
import { readLinesAfter } from './read-lines.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const numbers = (stream: string) =>
  bed.query<{ doc_id: string; version: number; seq: number | null }>(
    `select doc_id, version, seq::integer from assay.output_lines where stream = '${stream}' order by seq nulls last`,
  );
const EVERYTHING = { lines: 10_000, bytes: 2 ** 30 };

describe('numbering', () => {
  it('counts each stream by itself, in the order of writing, and goes on where it stopped', async () => {
    await bed.storeDocuments(3);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'disagreement'));
    expect(await numberStreams(bed.postgres)).toBe(true);
    await bed.apply(decision(3, 1, 'gold'), decision(1, 2, 'disagreement'));
    expect(await numberStreams(bed.postgres)).toBe(true);

    expect((await numbers('gold')).map(({ doc_id, version }) => [doc_id.at(-1), version])).toEqual([
      ['1', 1],
      ['1', 2],
      ['3', 1],
    ]);
    expect((await numbers('gold')).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect((await numbers('disagreements')).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('has nothing to do when everything is numbered', async () => {
    expect(await numberStreams(bed.postgres)).toBe(false);
  });

  it('gives a line that commits late a larger number, though its line_id is smaller', async () => {
    await bed.storeDocuments(2);
    const early = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const text = `insert into assay.output_lines (stream, doc_id, version, op, line) values ('gold', $1, 1, 'add', '{}')`;
    const slow = bed.postgres.transaction('synchronous', async (tx) => {
      await tx.query({ name: 'spec-insert', text }, [docIdOf(1)]);
      written.resolve();
      await early.promise;
    });
    await written.promise;
    await bed.apply(decision(2, 1, 'gold'));
    await numberLines(bed.postgres, 'gold');
    early.resolve();
    await slow;
    await numberLines(bed.postgres, 'gold');

    expect((await numbers('gold')).map(({ doc_id }) => doc_id)).toEqual([docIdOf(2), docIdOf(1)]);
  });

  it('never shows a tailing consumer a smaller number after a larger one, with two numberers and two writers', async () => {
    const documents = 400;
    await bed.storeDocuments(documents);
    let isWriting = true;
    const write = async (from: number) => {
      for (let number = from; number <= documents; number += 2) await bed.apply(decision(number, 1, 'gold'));
    };
    const number = async () => {
      while (isWriting) await numberLines(bed.postgres, 'gold');
    };
    const tailed: number[] = [];
    const tail = async () => {
      while (tailed.length < documents) {
        const lines = await readLinesAfter(bed.postgres, 'gold', tailed.at(-1) ?? 0, EVERYTHING);
        tailed.push(...lines.map(({ seq }) => Number(seq)));
        if (!isWriting && lines.length === 0) await numberLines(bed.postgres, 'gold');
      }
    };
    const others = Promise.all([number(), number(), tail()]);
    await Promise.all([write(1), write(2)]);
    isWriting = false;
    await others;

    expect(tailed).toEqual(Array.from({ length: documents }, (_, index) => index + 1));
  });
});

describe('readLinesAfter', () => {
  it('stops at the byte limit, but never before one line', async () => {
    await bed.storeDocuments(3, (number) => 'x'.repeat(number === 1 ? 5_000 : 10));
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));
    await numberLines(bed.postgres, 'gold');
    const read = async (after: number, limits: { lines: number; bytes: number }) =>
      (await readLinesAfter(bed.postgres, 'gold', after, limits)).map(({ seq }) => Number(seq));

    expect(await read(0, { lines: 10, bytes: 100 })).toEqual([1]);
    expect(await read(1, { lines: 10, bytes: 10_000 })).toEqual([2, 3]);
    expect(await read(0, { lines: 2, bytes: 10_000 })).toEqual([1, 2]);
    expect(await read(3, { lines: 10, bytes: 10_000 })).toEqual([]);
  });
});
