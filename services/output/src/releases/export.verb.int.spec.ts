import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speak } from '@assay/cli/testing/speak';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { decision } from '../testing/known-decision.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { verb } from './export.verb.ts';

let bed: OutputBed;
let folder: string;
beforeAll(async () => {
  bed = await OutputBed.start();
  folder = await mkdtemp(join(tmpdir(), 'assay-export-'));
  vi.stubEnv('DATABASE_URL', bed.databaseUrl);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await bed.stop();
});

it('assay export writes the bytes a release would have, and makes none', async () => {
  await bed.storeDocuments(3, (number) => `„naïve“ ${number}`);
  await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(3, 1, 'gold'));
  await bed.apply(decision(2, 2, 'disagreement'));
  const out = join(folder, 'gold.jsonl');

  const { code, stdout } = await speak(verb, '--out', out, '--json');

  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(['gold.jsonl']);
  expect(await bed.query('select 1 from assay.releases')).toHaveLength(0);
  expect(await bed.blobNames()).toEqual([]);
  const outcome = await bed.release();
  const { sha256, bytes, line_count, file } = (outcome as Extract<typeof outcome, { kind: 'released' }>).manifest;
  expect(JSON.parse(stdout)).toEqual({ out, format: 'jsonl', sha256, bytes, line_count });
  expect(await readFile(out)).toEqual(Buffer.from((await bed.blobs.read(file))!));
});
