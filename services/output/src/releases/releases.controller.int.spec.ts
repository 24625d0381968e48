import { sha256Of } from '@assay/shared/blob/write-once';
import { JSONL_FILE, type ReleaseManifest } from '@assay/shared/contracts/release';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { releasesDoor } from '../flows.ts';
import { jsonl } from '../formats/jsonl/jsonl.ts';
import { decision } from '../testing/known-decision.ts';
import { labelTable } from '../testing/label-table/label-table.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { type ServedDoors, serveDoors } from '../testing/serve-doors.ts';

let bed: OutputBed;
let doors: ServedDoors;
let opened = 0;
const get: ServedDoors['get'] = (...request) => doors.get(...request);

beforeAll(async () => {
  bed = await OutputBed.start();
  // A release may be larger than memory: no file is ever read whole.
  const read = () => Promise.reject(new Error('read whole'));
  const open: typeof bed.blobs.open = (...request) => {
    opened++;
    return bed.blobs.open(...request);
  };
  doors = await serveDoors(releasesDoor(bed.postgres, { ...bed.blobs, read, open }));
});
afterAll(async () => {
  await doors.close();
  await bed.stop();
});
beforeEach(() => bed.clear());

describe('releases', () => {
  const FILE = '/v1/gold/releases/1/clean_training_dataset.jsonl';

  it('are not there before one is made', async () => {
    expect(await (await get('/v1/gold/releases')).json()).toEqual({ releases: [] });
    for (const path of ['/v1/gold/releases/latest', '/v1/gold/releases/1', FILE, '/v1/gold/releases/x'])
      expect((await get(path)).status).toBe(404);
  });

  it('are listed newest first, and the file is what was released', async () => {
    await bed.storeDocuments(2);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();
    await bed.apply(decision(2, 1, 'gold'));
    const second = await bed.release();

    const { releases } = (await (await get('/v1/gold/releases')).json()) as { releases: { release: number }[] };
    expect(releases.map(({ release }) => release)).toEqual([2, 1]);
    expect(second).toEqual({ kind: 'released', manifest: await (await get('/v1/gold/releases/latest')).json() });
    expect((await (await get(FILE)).text()).trimEnd().split('\n')).toHaveLength(1);
  });

  it('are loaded once, and in parts', async () => {
    await bed.storeDocuments(3, (number) => `naïve ${number}`);
    await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));
    await bed.release();
    const whole = await get(FILE);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag')!;

    expect((await get(FILE, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(FILE, { 'if-none-match': '"other"' })).status).toBe(200);

    const middle = await get(FILE, { range: 'bytes=100-199' });
    expect(middle.status).toBe(206);
    expect(middle.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`);
    expect(Buffer.from(await middle.arrayBuffer())).toEqual(bytes.subarray(100, 200));

    const behind = await get(FILE, { range: `bytes=${bytes.length}-` });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);

    const resumed = await get(FILE, { range: 'bytes=-10', 'if-range': etag });
    expect([resumed.status, await resumed.text()]).toEqual([206, bytes.subarray(-10).toString()]);
    expect((await get(FILE, { range: 'bytes=-10', 'if-range': '"other"' })).status).toBe(200);
  });

  it('have every file in their manifest, each loaded in the same way', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release([jsonl, labelTable]);
    const { files } = (await (await get('/v1/gold/releases/1')).json()) as ReleaseManifest;

    expect(files.map(({ name }) => name)).toEqual([JSONL_FILE, labelTable.fileName]);
    for (const { name, media_type, sha256, bytes } of files) {
      const path = `/v1/gold/releases/1/${name}`;
      const whole = await get(path);
      const content = Buffer.from(await whole.arrayBuffer());
      expect([whole.headers.get('content-type'), whole.headers.get('etag')]).toEqual([media_type, `"${sha256}"`]);
      expect(whole.headers.get('content-length')).toBe(String(bytes));
      expect(sha256Of(content)).toBe(sha256);
      const part = await get(path, { range: 'bytes=3-9' });
      expect([part.status, part.headers.get('content-length')]).toEqual([206, '7']);
      expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(3, 10));
      expect((await get(path, { 'if-none-match': `"${sha256}"` })).status).toBe(304);
    }
  });

  it('are asked about by HEAD without a look into their file', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();
    for (const headers of [{}, { range: 'bytes=3-9' }]) {
      const whole = await get(FILE, headers);
      const before = opened;
      const head = await get(FILE, headers, 'HEAD');
      for (const name of ['content-length', 'content-type', 'content-range', 'etag', 'accept-ranges', 'cache-control'])
        expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
      expect([head.status, await head.text(), opened]).toEqual([whole.status, '', before]);
      await whole.arrayBuffer();
    }
  });

  it('may be empty, and so is their file', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.apply(decision(1, 2, 'pending'));
    await bed.release();

    const whole = await get(FILE);
    expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '0', '']);
    expect((await get(FILE, { range: 'bytes=0-' })).status).toBe(416);
  });

  it.each(['label_table.tsv', 'manifest.json', '..%2Flatest', 'x'])('have no file %s of their own', async (name) => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.release();

    const answer = await get(`/v1/gold/releases/1/${name}`);

    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
