import { readFileSync, readdirSync } from 'node:fs';
import { mutatedContent } from '@assay/labels/testing/mutated-content';
import { readChangeEvent } from '@assay/shared/cdc/read-change-event';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { documentLane } from './document-lane.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const { chain } = documentLane(['files']);
const after = { doc_id: 'a'.repeat(32), priority: 3, text: 'hello', fields: '{"a":1}' };
const folder = new URL('../../../../libs/shared/src/cdc/fixtures/', import.meta.url);
const samples = [
  Buffer.from(JSON.stringify({ op: 'c', before: null, after, source: { snapshot: 'false' } })),
  Buffer.from(
    JSON.stringify({ schema: { type: 'struct' }, payload: { op: 'r', after, source: { snapshot: 'last' } } }),
  ),
  Buffer.from(JSON.stringify({ ...after, __op: 'u', __deleted: 'false' })),
  ...readdirSync(folder).map((name) => readFileSync(new URL(name, folder))),
];

const kinds = ['tombstone', 'unreadable', 'heartbeat', 'transaction', 'row', 'delete', 'truncate', 'message'];

/** Null where the event says what it is, and is taken, left out or refused. */
function faultOf(value: Buffer): string | null {
  const record = sourceRecord({ topic: 'assay.public.documents', value });
  const { kind } = readChangeEvent(record);
  if (!kinds.includes(kind)) return `is a ${kind}`;
  const result = chain.run(record);
  if ('value' in result) return /^[0-9a-f]{32}$/.test(result.value.doc_id) ? null : 'is taken without a doc_id';
  return ['skipped', 'deadLettered'].includes(result.exit.outcome.kind) ? null : 'has no outcome';
}

describe('change events that something happened to', { timeout: 60_000 + RUNS * 10 }, () => {
  it(`${RUNS} of them say what they are, and are taken, left out or refused`, () => {
    for (let seed = 0; seed < RUNS; seed++)
      expect(faultOf(mutatedContent(samples[seed % samples.length]!, seed)), `seed ${seed}`).toBeNull();
  });
});
