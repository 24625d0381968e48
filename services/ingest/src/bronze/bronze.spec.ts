import { digestOf, unseal } from '@assay/shared/blob/sealed-bytes';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { bronzeLine } from './domain/bronze-line.ts';
import { createBronze } from './bronze.ts';

const key = { id: '2026-a', key: Buffer.alloc(32, 7) };
const AT = Date.UTC(2026, 10, 21, 23, 59);

function given() {
  const blobs = createMemoryBlobStore();
  const names = async () => {
    const found: string[] = [];
    for await (const { name } of blobs.list('')) found.push(name);
    return found;
  };
  const read = async (name: string, opener = key) => String(unseal((await blobs.read(name))!, opener));
  return { blobs, bronze: createBronze(blobs, key), names, read };
}
const record = (offset: bigint, value = `ticket ${offset}`) =>
  sourceRecord({ topic: 'a.topic', partition: 3, offset, timestamp: AT, value: Buffer.from(value) });

describe('a bronze blob', () => {
  it('holds the raw lines of its records, sealed, under the day and offsets of the first and last', async () => {
    const { bronze, read, blobs } = given();
    const records = [record(10n), record(12n), record(19n)];
    const name = await bronze.write(records);
    expect(name).toBe('2026/11/21/a.topic-3/10-19');
    expect(await read(name)).toBe(records.map((one) => `${bronzeLine(one)}\n`).join(''));
    expect(String(Buffer.from((await blobs.read(name))!))).not.toContain('ticket');
  });

  it('carries which key opens it, and a digest that tells nothing without the key', async () => {
    const { bronze, blobs } = given();
    const name = await bronze.write([record(10n)]);
    const plain = Buffer.from(`${bronzeLine(record(10n))}\n`);
    expect(await blobs.metadata(name)).toEqual({ keyid: '2026-a', digest: digestOf(plain, key) });
  });

  it('is read back as the records it was made of; by another key it is not, and one that is gone holds none', async () => {
    const { bronze, blobs } = given();
    const records = [record(10n), record(12n, '\u{1f98a}')];
    const name = await bronze.write(records);
    expect(await bronze.read(name)).toEqual(records);
    expect(await createBronze(blobs, { ...key, key: Buffer.alloc(32, 8) }).read(name)).toBeNull();
    expect(await bronze.read('2026/11/21/gone')).toEqual([]);
  });

  it('takes its day from the first record, never from the clock: a retry tomorrow finds its first try', async () => {
    const { bronze, names } = given();
    const name = await bronze.write([record(10n)]);
    expect(await bronze.write([record(10n)])).toBe(name);
    expect(await names()).toEqual([name]);
  });

  it('with the same name and other content is written beside the first, under its digest', async () => {
    const { bronze, names, read } = given();
    const first = await bronze.write([record(10n), record(11n), record(12n)]);
    // Part of the batch was stored through another partition meanwhile, so the retry holds fewer lines.
    const second = await bronze.write([record(10n), record(12n)]);
    expect(second).toMatch(/^2026\/11\/21\/a\.topic-3\/10-12~[0-9a-f]{16}$/);
    expect(await names()).toEqual([first, second]);
    expect((await read(first)).split('\n')).toHaveLength(4);
    expect((await read(second)).split('\n')).toHaveLength(3);
  });

  it('with other content is found again too', async () => {
    const { bronze, names } = given();
    await bronze.write([record(10n, 'one log')]);
    const second = await bronze.write([record(10n, 'another log')]);
    expect(await bronze.write([record(10n, 'another log')])).toBe(second);
    expect(await names()).toHaveLength(2);
  });

  it('is written again under another name after the key was rotated, and the old one still opens', async () => {
    const { bronze, blobs, read } = given();
    const first = await bronze.write([record(10n)]);
    const rotated = { id: '2026-b', key: Buffer.alloc(32, 8) };
    const second = await createBronze(blobs, rotated).write([record(10n)]);
    expect(second).not.toBe(first);
    expect(await read(first)).toBe(await read(second, rotated));
  });

  it('whose store fails is a failure of the batch', async () => {
    const { blobs } = given();
    const failing = { ...blobs, create: () => Promise.reject(new Error('no answer')) };
    await expect(createBronze(failing, key).write([record(10n)])).rejects.toThrow('no answer');
  });
});

describe('a spilled message', () => {
  it('is kept whole and sealed, beside the dead letters', async () => {
    const { bronze, read } = given();
    const name = await bronze.spill(record(10n));
    expect(name).toBe('dead-letters/2026/11/21/a.topic-3/10');
    expect(await read(name)).toBe(bronzeLine(record(10n)));
  });

  it('is written once, however often its batch is tried', async () => {
    const { bronze, names } = given();
    expect(await bronze.spill(record(10n))).toBe(await bronze.spill(record(10n)));
    expect(await names()).toHaveLength(1);
  });
});
