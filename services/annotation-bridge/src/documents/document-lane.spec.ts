import type { SourceRecord } from '@assay/shared/pipeline/record';
import { describe, expect, it } from 'vitest';
import { documentLane } from './document-lane.ts';

const { chain } = documentLane(['files']);
const docId = 'a'.repeat(32);

const recordOf = (value: unknown): SourceRecord => ({
  topic: 'assay.public.documents',
  partition: 0,
  offset: 0n,
  timestamp: 0,
  key: null,
  value: Buffer.from(JSON.stringify(value)),
  headers: {},
});

const changeOf = (op: string, after: object | null) =>
  recordOf({ op, before: null, after, source: { snapshot: 'false' } });

describe('documentLane', () => {
  it('names its steps', () => {
    expect(chain.names).toEqual(['readRow']);
  });

  it.each(['c', 'r'])('takes a document of op %s', (op) => {
    expect(chain.run(changeOf(op, { doc_id: docId, priority: 0, text: 'hello' }))).toEqual({
      value: { doc_id: docId, priority: 0 },
    });
  });

  it('does not need the text, which Debezium may leave out', () => {
    const after = { doc_id: docId, priority: 3, text: '__debezium_unavailable_value' };
    expect(chain.run(changeOf('u', after))).toHaveProperty('value');
  });

  it('takes a document whose text is the placeholder itself', () => {
    const after = { doc_id: docId, priority: 3, text: '__debezium_unavailable_value' };
    expect(chain.run(changeOf('c', after))).toHaveProperty('value');
  });

  it('leaves a delete out', () => {
    expect(chain.run(changeOf('d', null))).toMatchObject({ exit: { outcome: { kind: 'skipped', reason: 'delete' } } });
  });

  it('refuses a row without a document', () => {
    expect(chain.run(changeOf('c', { doc_id: 'T-1', priority: 3 }))).toMatchObject({
      exit: { step: 'readRow', outcome: { code: 'CONTRACT_VIOLATED' } },
    });
  });
});
