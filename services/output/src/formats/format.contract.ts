import { buffer } from 'node:stream/consumers';
import type { CleanLine } from '@assay/shared/contracts/release';
import { MIB } from '@assay/shared/contracts/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { docIdOf } from '../testing/known-decision.ts';
import type { CleanLines, ReleaseFormat } from './format.ts';

/** What a spec can read back of a line: at least which document it is, and its text. */
export type ReadBack = Pick<CleanLine, 'doc_id' | 'text'> & Partial<CleanLine>;

const PIECE_MAX_BYTES = 4 * MIB;

/** What releases and exports rely on, whatever the format. `readBack` takes a file apart again, by other code than made it. */
export function describeFormat(format: ReleaseFormat, readBack: (file: Buffer) => readonly ReadBack[]): void {
  const fileOf = async (lines: CleanLines) => buffer(format.encode(lines));

  describe(`the format ${format.name}`, () => {
    it('has a name for settings, a file name for blobs and addresses, and a media type', () => {
      expect(format.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(format.fileName).toMatch(/^[a-z0-9][a-z0-9_.-]{0,99}$/);
      expect(format.fileName).not.toBe('manifest.json');
      expect(format.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+(; charset=utf-8)?$/);
    });

    it('keeps every line and their order, in every script', async () => {
      await fc.assert(
        fc.asyncProperty(batchesOfLines, async (batches) => {
          const lines = batches.flat();
          const found = readBack(await fileOf(given(batches)));
          expect(found).toEqual(lines.map((line, index) => sameMembers(line, found[index] ?? line)));
        }),
      );
    });

    it('writes the same bytes for the same lines, however many come at a time', async () => {
      await fc.assert(
        fc.asyncProperty(batchesOfLines, fc.integer({ min: 1, max: 5 }), async (batches, size) => {
          const lines = batches.flat();
          const others = Array.from({ length: Math.ceil(lines.length / size) }, (_, at) =>
            lines.slice(at * size, (at + 1) * size),
          );
          const once = given(batches);
          const file = await fileOf(once);
          expect(await fileOf(once)).toEqual(file);
          expect(await fileOf(given(others))).toEqual(file);
        }),
      );
    });

    it('has a file for no lines at all', async () => {
      const empty = await fileOf(given([]));
      expect(readBack(empty)).toEqual([]);
      expect(await fileOf(given([[], []]))).toEqual(empty);
    });

    it('never holds a large file: it comes in pieces, and most of them before the last line was read', async () => {
      const batches = Array.from({ length: 64 }, (_, batch) => longLines(batch * 8, 8));
      const counted = countingReads(batches);
      const readAt: number[] = [];
      for await (const piece of format.encode(counted.lines)) {
        expect(piece.byteLength).toBeLessThanOrEqual(PIECE_MAX_BYTES);
        readAt.push(counted.read());
      }
      const early = readAt.filter((read) => read < batches.length);
      expect(early.length).toBeGreaterThanOrEqual(readAt.length / 2);
    });

    it('comes in such pieces even when all lines come at once', async () => {
      for await (const piece of format.encode(given([longLines(0, 512)])))
        expect(piece.byteLength).toBeLessThanOrEqual(PIECE_MAX_BYTES);
    });

    it('makes no file of lines that break off', async () => {
      const brokenOff: CleanLines = {
        async *[Symbol.asyncIterator]() {
          yield longLines(0, 2);
          throw new Error('the database is gone');
        },
      };
      await expect(fileOf(brokenOff)).rejects.toThrow('the database is gone');
    });

    it('lets go of the lines when nobody reads on', async () => {
      const batches = Array.from({ length: 64 }, (_, batch) => longLines(batch * 8, 8));
      const counted = countingReads(batches);
      for await (const piece of format.encode(counted.lines)) if (piece.byteLength > 0) break;
      expect(counted.open()).toBe(0);
    });
  });
}

/** As much of a line as was read back of it. */
const sameMembers = (line: CleanLine, found: ReadBack): object =>
  Object.fromEntries(Object.entries(line).filter(([member]) => member in found));

/** Any text Postgres can keep. */
const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''));
const label = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.record({ start: fc.nat(), end: fc.nat(), label: text }),
);

const exampleOf = (rest: Omit<CleanLine, 'doc_id'>, index: number): CleanLine => ({ doc_id: docIdOf(index), ...rest });

/** Lines of documents with one field or of documents with several, in order of doc_id, in batches of any size. */
const batchesOfLines = fc.boolean().chain((hasFields) => {
  const labels = hasFields
    ? fc.record({ labels: fc.dictionary(text, label, { minKeys: 2, maxKeys: 3 }) })
    : fc.record({ label });
  const examples = fc.record({
    text,
    named: labels,
    confidence_score: fc.double({ min: 0, max: 1, noNaN: true }),
    annotators: fc.array(text, { minLength: 1, maxLength: 3 }),
    version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });
  return fc.array(fc.array(examples, { maxLength: 4 }), { maxLength: 4 }).map((batches) => {
    let index = 0;
    return batches.map((batch) =>
      batch.map(({ named, text: itsText, confidence_score, annotators, version }) =>
        exampleOf(
          {
            text: itsText,
            ...named,
            confidence_score: confidence_score === 0 ? 0 : confidence_score, // JSON knows no -0
            annotators,
            decided_at: '2026-11-21T10:00:00.000000Z',
            version,
          },
          index++,
        ),
      ),
    );
  });
});

/** 32 KiB each. */
const longLines = (from: number, count: number): readonly CleanLine[] =>
  Array.from({ length: count }, (_, at) =>
    exampleOf(
      {
        text: `${from + at} `.repeat(32 * 1024).slice(0, 32 * 1024),
        label: 'billing',
        confidence_score: 0.9,
        annotators: ['1'],
        decided_at: '2026-11-21T10:00:00.000000Z',
        version: 1,
      },
      from + at,
    ),
  );

const given = (batches: readonly (readonly CleanLine[])[]): CleanLines => ({
  async *[Symbol.asyncIterator]() {
    yield* batches;
  },
});

/** Tells how many batches were read since the lines were last begun, and how many readers have not let go. */
function countingReads(batches: readonly (readonly CleanLine[])[]) {
  let read = 0;
  let open = 0;
  const lines: CleanLines = {
    async *[Symbol.asyncIterator]() {
      read = 0;
      open++;
      try {
        for (const batch of batches) {
          read++;
          yield batch;
        }
      } finally {
        open--;
      }
    },
  };
  return { lines, read: () => read, open: () => open };
}
