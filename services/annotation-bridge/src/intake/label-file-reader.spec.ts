import { createHash } from 'node:crypto';
import { defaultSettings } from '@assay/labels/label-row';
import { afterAll, describe, expect, it } from 'vitest';
import { knownPrivacySettings } from '../testing/known-privacy.ts';
import type { LabelEntry } from './domain/label-entry.ts';
import { LabelFileReader, UnreadableFileError } from './label-file-reader.ts';

const HEADER = 'text,label,confidence_score';
const settings = { settings: defaultSettings, privacy: knownPrivacySettings };
const fileOf = (content: string, path = '2026/11/21/a.csv') => {
  const bytes = Buffer.from(content);
  return { content: { path, generation: 1, sha256: createHash('sha256').update(bytes).digest('hex') }, bytes };
};

/** Little in bytes, and many objects where it is parsed as a whole. */
const task = { id: 1, data: { text: 't' }, annotations: [{ id: 1, result: [] }] };
const heavy = fileOf(`[${Array.from({ length: 500_000 }, () => JSON.stringify(task)).join(',')}]`, '2026/11/21/a.json');

describe('LabelFileReader', () => {
  const reader = new LabelFileReader(settings, { heapMb: 48 });
  afterAll(() => reader.close());

  async function rowsOf(content: string): Promise<readonly LabelEntry[]> {
    const found: LabelEntry[] = [];
    await reader.read(fileOf(content), async (entries) => void found.push(...entries));
    return found;
  }

  it('hands on the rows of one file after the other', async () => {
    expect(await rowsOf(`${HEADER}\nt,bug,0.9\nt,bug,2\n`)).toMatchObject([
      { kind: 'message' },
      { kind: 'rejected', row: 2, reason: 'confidence_out_of_range' },
    ]);
    expect(await rowsOf(`${HEADER}\n${'t,bug,0.9\n'.repeat(2000)}`)).toHaveLength(2000);
  });

  it('tells of a rejected file why, and hands on none of its rows', async () => {
    const read = await reader.read(fileOf(`${HEADER}\nt,bug,0.9\n"`), () => Promise.reject(new Error('no row counts')));
    expect(read).toEqual({
      outcome: { kind: 'rejected', reason: 'unterminated_quote', rows: 0 },
      notes: [{ code: 'rows_seen', count: 0 }],
    });
  });

  it('outlives a file that takes more memory than a file may, and reads the next', async () => {
    let turns = 0;
    const turning = setInterval(() => void turns++, 1);
    await expect(reader.read({ ...heavy, bytes: Buffer.from(heavy.bytes) }, async () => {})).rejects.toThrow(
      UnreadableFileError,
    );
    clearInterval(turning);
    expect(turns, 'the loop that answers health checks went round meanwhile').toBeGreaterThan(0);
    expect(await rowsOf(`${HEADER}\nt,bug,0.9\n`)).toHaveLength(1);
  });

  it('gives up a file whose thread says nothing any more', async () => {
    const impatient = new LabelFileReader(settings, { silenceMs: 0 });
    await expect(impatient.read({ ...heavy, bytes: Buffer.from(heavy.bytes) }, async () => {})).rejects.toThrow(
      UnreadableFileError,
    );
  });

  it('passes on what its handler throws, and reads the next file from its first row', async () => {
    const many = fileOf(`${HEADER}\n${'t,bug,0.9\n'.repeat(2000)}`);
    await expect(reader.read(many, () => Promise.reject(new Error('Kafka is gone')))).rejects.toThrow('Kafka is gone');
    expect(await rowsOf(`${HEADER}\nt,bug,0.9\n`)).toMatchObject([{ kind: 'message' }]);
  });
});
