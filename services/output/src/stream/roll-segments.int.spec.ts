import { parseDisagreementLine } from '@assay/labels/disagreement-line';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { sha256Of } from '@assay/shared/blob/write-once';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { rollSegments } from './roll-segments.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const AT_ONCE = { lines: 100, bytes: 1_000_000, ageMs: 0 };
const WHEN_OLD = { ...AT_ONCE, ageMs: 3_600_000 };

const textOf = async (name: string) => Buffer.from((await bed.blobs.read(name))!).toString();
const segments = () =>
  bed.query<{ blob_name: string; sha256: string; line_count: number; is_done: boolean }>(
    `select blob_name, sha256, (last_seq - first_seq + 1)::integer as line_count, confirmed_at is not null as is_done
       from assay.segments order by blob_name`,
  );

async function rollAll(limits: typeof AT_ONCE): Promise<void> {
  while ((await rollSegments(bed.postgres, bed.blobs, limits)) === true);
}

async function writeGold(...documents: readonly number[]): Promise<void> {
  await bed.apply(...documents.map((number) => decision(number, 1, 'gold')));
}

/** The blob store as the process sees it that dies at its nth write, before or after the write took effect. */
function dyingAt(write: number, when: 'before' | 'after'): BlobStore {
  let writes = 0;
  return {
    ...bed.blobs,
    async create(name, bytes, metadata) {
      const isLast = ++writes === write;
      if (isLast && when === 'before') throw new Error('killed');
      const result = await bed.blobs.create(name, bytes, metadata);
      if (isLast) throw new Error('killed');
      return result;
    },
  };
}

describe('rolling', () => {
  it('waits until a segment is due', async () => {
    await bed.storeDocuments(2);
    await writeGold(1, 2);

    const dueInMs = await rollSegments(bed.postgres, bed.blobs, WHEN_OLD);
    expect(dueInMs).toBeGreaterThan(0);
    expect(dueInMs).toBeLessThanOrEqual(WHEN_OLD.ageMs);
    expect(await rollSegments(bed.postgres, bed.blobs, { ...WHEN_OLD, lines: 2 })).toBe(true);
    expect(await bed.blobNames()).toHaveLength(1);
    expect(await rollSegments(bed.postgres, bed.blobs, WHEN_OLD), 'nothing waits').toBe(false);
  });

  it('numbers the segments of a stream without holes, and the stream is their concatenation', async () => {
    await bed.storeDocuments(5);
    await writeGold(1, 2, 3, 4, 5);
    await rollAll({ ...AT_ONCE, lines: 2 });

    const found = await bed.blobNames();
    expect(found.map((name) => name.slice(0, 'segments/00000001'.length))).toEqual([
      'segments/00000001',
      'segments/00000002',
      'segments/00000003',
    ]);
    const all = (await Promise.all(found.map(textOf))).join('');
    const documents = all
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).doc_id);
    expect(documents).toEqual([1, 2, 3, 4, 5].map(docIdOf));
  });

  it('cuts by bytes, and still takes a line that is longer', async () => {
    await bed.storeDocuments(3, () => 'x'.repeat(3_000));
    await writeGold(1, 2, 3);
    await rollAll({ ...AT_ONCE, bytes: 2_000 });

    expect((await segments()).map(({ line_count }) => line_count)).toEqual([1, 1, 1]);
  });

  it('tells each document its segment and its place there', async () => {
    await bed.storeDocuments(4);
    await writeGold(1, 2, 3, 4);
    await rollAll({ ...AT_ONCE, lines: 3 });

    await bed.query(
      `insert into assay.heads (doc_id, version, verdict) select doc_id, 1, 'gold' from public.documents`,
    );
    const rows = await bed.query<{ line: string; gold_path: string; gold_row: number }>(
      `select line, gold_path, gold_row
         from assay.output_lines join lineage.documents using (doc_id) order by seq`,
    );
    expect(rows).toHaveLength(4);
    for (const { line, gold_path, gold_row } of rows)
      expect((await textOf(gold_path)).split('\n')[gold_row - 1]).toBe(line);
  });

  it('measures what waits behind the last segment, not what is in one', async () => {
    await bed.storeDocuments(5);
    await writeGold(1, 2, 3);
    await rollSegments(bed.postgres, bed.blobs, AT_ONCE);
    await writeGold(4);

    expect(await rollSegments(bed.postgres, bed.blobs, { ...WHEN_OLD, lines: 2 })).toBeGreaterThan(0);
    const bytes = Buffer.byteLength(await textOf((await bed.blobNames())[0]!)) / 3;
    expect(await rollSegments(bed.postgres, bed.blobs, { ...WHEN_OLD, bytes: bytes + 1 })).toBeGreaterThan(0);
    await writeGold(5);
    expect(await rollSegments(bed.postgres, bed.blobs, { ...WHEN_OLD, bytes: bytes + 1 })).toBe(true);
  });

  it('puts the human log beside a segment of disagreements; it can be read back', async () => {
    const texts = ['plain', 'a | b', 'two\nlines\r\nand a tab\t', 'back\\slash \\| and \\n', 'trailing |'];
    await bed.storeDocuments(texts.length, (number) => texts[number - 1]!);
    await bed.apply(...texts.map((_, index) => decision(index + 1, 1, 'disagreement')));
    await bed.apply(decision(1, 2, 'gold'));
    await rollSegments(bed.postgres, bed.blobs, AT_ONCE);

    const log = (await bed.blobNames()).find((name) => name.endsWith('.log'))!;
    const lines = (await textOf(log)).trimEnd().split('\n');
    expect(lines[0]).toBe('plain | billing,bug | 2');
    expect(lines.map((line) => parseDisagreementLine(line))).toEqual(
      texts.map((text) => ({ text, labels: ['billing', 'bug'] })),
    );
  });
});

describe('a segment that was interrupted', () => {
  /** Segments and their logs: gold is written first, then the log, then the disagreements. */
  it.each([
    ['before its upload', 1, 'before'],
    ['after its upload, before it was confirmed', 1, 'after'],
    ['before its companion', 2, 'before'],
    ['between companion and segment', 2, 'after'],
    ['before the last upload', 3, 'before'],
    ['after the last upload', 3, 'after'],
  ] as const)('%s is there once, with the planned bytes under the planned name', async (_name, write, when) => {
    await bed.storeDocuments(4);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'disagreement'), decision(3, 1, 'gold'));
    await expect(rollSegments(bed.postgres, dyingAt(write, when), AT_ONCE)).rejects.toThrow('killed');
    const planned = await segments();
    // The stream has moved on meanwhile.
    await writeGold(4);

    await rollAll(AT_ONCE);

    const done = await segments();
    expect(done.every(({ is_done }) => is_done)).toBe(true);
    for (const { blob_name, sha256 } of planned)
      expect(done).toContainEqual(expect.objectContaining({ blob_name, sha256 }));
    for (const { blob_name, sha256 } of done) expect(sha256Of((await bed.blobs.read(blob_name))!)).toBe(sha256);
    expect((await bed.blobNames()).filter((name) => name.endsWith('.jsonl'))).toEqual(
      done.map(({ blob_name }) => blob_name),
    );
    const lines = (await Promise.all(done.map(({ blob_name }) => textOf(blob_name)))).join('').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
  });

  it('never puts other bytes under a name: that is a bug and stops', async () => {
    await bed.storeDocuments(1);
    await writeGold(1);
    await expect(rollSegments(bed.postgres, dyingAt(1, 'before'), AT_ONCE)).rejects.toThrow('killed');
    const { blob_name } = (await segments())[0]!;
    await bed.blobs.create(blob_name, Buffer.from('somebody else’s'), { sha256: 'another' });

    await expect(rollSegments(bed.postgres, bed.blobs, AT_ONCE)).rejects.toMatchObject({ code: 'INVARIANT_BROKEN' });

    expect(await textOf(blob_name)).toBe('somebody else’s');
    expect((await segments()).map(({ is_done }) => is_done)).toEqual([false]);
  });

  it('is not written when its lines are not those it was planned with', async () => {
    await bed.storeDocuments(1);
    await writeGold(1);
    await expect(rollSegments(bed.postgres, dyingAt(1, 'before'), AT_ONCE)).rejects.toThrow('killed');
    await bed.query(`update assay.output_lines set line = '{}'`);

    await expect(rollSegments(bed.postgres, bed.blobs, AT_ONCE)).rejects.toMatchObject({ code: 'INVARIANT_BROKEN' });
    expect(await bed.blobNames()).toEqual([]);
  });

  it('is never made by two instances at once', async () => {
    await bed.storeDocuments(20);
    await writeGold(...Array.from({ length: 20 }, (_, index) => index + 1));
    const roll = async () => {
      await rollAll({ ...AT_ONCE, lines: 3 });
    };

    await Promise.all([roll(), roll()]);
    await roll();

    const found = await bed.blobNames();
    expect(new Set(found.map((name) => name.slice(0, 'segments/00000001'.length))).size).toBe(found.length);
    const all = (await Promise.all(found.map(textOf))).join('').trimEnd().split('\n');
    expect(all.map((line) => JSON.parse(line).doc_id)).toEqual(Array.from({ length: 20 }, (_, i) => docIdOf(i + 1)));
  });
});
