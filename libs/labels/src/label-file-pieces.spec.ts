import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabelFile } from './label-file.ts';
import type { LabelSource } from './label-source.ts';
import { defaultSettings } from './label-row.ts';
import { labelOf } from './label-of-row.ts';

const HEADER = 'text,annotator_id,label,confidence_score';

function utf16(text: string, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

describe('readLabelFile', { timeout: 60_000 }, () => {
  /** The file in pieces of any size, every piece in the same buffer, as a source may hand them out. */
  function inPieces(path: string, bytes: Uint8Array, sizes: readonly number[]): LabelSource {
    return {
      path,
      byteLength: bytes.length,
      slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
      *open() {
        const buffer = Buffer.alloc(Math.max(...sizes));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
          buffer.fill(0xff).set(piece);
          yield buffer.subarray(0, piece.length);
          at += piece.length;
        }
      },
    };
  }

  async function collect(source: LabelSource): Promise<unknown> {
    let found: unknown[] = [];
    const outcome = await readLabelFile(
      source,
      {
        begin: () => void (found = []),
        accept: (row, record) => void found.push(labelOf(row, record, source.path)),
        reject: (...rejection) => void found.push(rejection),
      },
      defaultSettings,
    );
    return outcome.kind === 'read' ? { outcome, found } : reasonOf(outcome.reason);
  }

  /** A file that is broken in its form and no text either is given up at what shows first: that depends on the piece. */
  const reasonOf = (reason: string): string =>
    ['malformed_json', 'missing_header'].includes(reason) ? 'undecodable' : reason;

  const csvText = fc.string({
    unit: fc.constantFrom('a', 'é', '😀', '"', '\n', '\r', ',', ' ', '\u2028'),
    maxLength: 12,
  });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const csv = fc
    .array(fc.tuple(csvText, csvText, fc.constantFrom('0.9', '95%', '')), { maxLength: 6 })
    .map((rows) =>
      [HEADER, ...rows.map(([text, label, score]) => `${quoted(text)},1,${quoted(label)},${score}`)].join('\r\n'),
    );
  const jsonRows = fc.array(
    fc.record({ text: csvText, label: fc.oneof(csvText, fc.array(csvText)), score: fc.double() }),
    { maxLength: 5 },
  );

  it.each([
    ['CSV', csv.map((text) => Buffer.from(text))],
    ['UTF-16', csv.map((text) => utf16(text, true))],
    ['windows-1252', csv.map((text) => Buffer.from(`${text.replaceAll('😀', '')}\n\xe9,1,a,1`, 'latin1'))],
    ['gzip', csv.map((text) => gzipSync(text))],
    ['JSON', jsonRows.map((rows) => Buffer.from(JSON.stringify(rows, null, 1)))],
    ['annotations', jsonRows.map((rows) => Buffer.from(JSON.stringify({ annotations: rows })))],
    ['JSON Lines', jsonRows.map((rows) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')))],
    ['garbage', fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))],
  ])('reads %s alike in pieces of any size', async (_case, files) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(files, sizes, async (bytes, pieces) => {
        const whole = await collect(inPieces('a.data', bytes, [bytes.length + 1]));
        expect(await collect(inPieces('a.data', bytes, pieces))).toEqual(whole);
      }),
    );
  });

  it('does not mistake a failing source or sink for a broken file', async () => {
    const source = inPieces('a.csv', Buffer.from(`${HEADER}\na,1,b,1\n`), [5]);
    const broken: LabelSource = {
      ...source,
      open: () => {
        throw new Error('disk');
      },
    };
    await expect(collect(broken)).rejects.toThrow('disk');
    await expect(collect({ ...broken, slice: () => Uint8Array.from([0x1f, 0x8b, 8, 0]).buffer })).rejects.toThrow(
      'disk',
    );
    const sink = {
      begin: () => undefined,
      accept: () => {
        throw new Error('full');
      },
      reject: () => undefined,
    };
    await expect(readLabelFile(source, sink, defaultSettings)).rejects.toThrow('full');
  });
});
