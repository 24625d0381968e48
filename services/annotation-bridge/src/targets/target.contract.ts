import { beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingDocument } from './outgoing-document.ts';
import type { Batch, Target } from './target.ts';

/** A target that holds nothing yet, and what it holds whenever somebody looks: one doc_id for each copy. */
export interface TargetUnderTest {
  readonly target: Target;
  readonly held: () => Promise<readonly string[]>;
}

const AT = new Date('2026-11-21T10:15:00.123Z');
const never = new AbortController().signal;

const documentOf = (number: number): OutgoingDocument => ({
  doc_id: number.toString(16).padStart(32, '0'),
  ticket_id: `T-${number}`,
  source: 'zendesk',
  datetime: '2026-11-21T09:30:00.000Z',
  priority: number % 10,
  text: `text ${number}, with a comma, "quotes" and a line\nbreak 🙂`,
  fields: { channel: 'mail' },
});
const three = [1, 2, 3].map(documentOf);

let batches = 0;
function batchOf(target: Target, documents: readonly OutgoingDocument[]): Batch {
  const batchId = `00000000-0000-4000-8000-${String(++batches).padStart(12, '0')}`;
  return { batchId, docIds: documents.map(({ doc_id }) => doc_id), parts: target.encode(batchId, AT, documents) };
}
const all = ({ docIds }: Batch) => new Set(docIds);

/** What the sender of deliveries relies on, whatever stands behind a target. Each `given` answers an empty one. */
export function describeTarget(name: string, given: () => Promise<TargetUnderTest>): void {
  describe(`the target ${name}`, () => {
    let target: Target;
    let held: TargetUnderTest['held'];
    beforeEach(async () => {
      ({ target, held } = await given());
    });

    it('makes the same bytes of the same batch, and others of another', () => {
      const [one, again, other] = ['a', 'a', 'b'].map((id) => target.encode(id, AT, three));
      expect(again).toEqual(one);
      expect(other).not.toEqual(one);
    });

    it('has nothing of a batch that was never sent', async () => {
      expect(await target.find(batchOf(target, three), never)).toEqual(new Map());
    });

    it('has every document of a batch that was sent, once, and finds it again', async () => {
      const batch = batchOf(target, three);
      const { externalIds, refused } = await target.send(batch, all(batch), never);
      expect(refused).toEqual(new Map());
      expect((await held()).toSorted()).toEqual(batch.docIds);
      const found = await target.find(batch, never);
      expect([...found.keys()].toSorted()).toEqual(batch.docIds);
      for (const [docId, id] of externalIds) expect(found.get(docId)).toBe(id);
    });

    it('keeps batches apart', async () => {
      const [one, two] = [batchOf(target, three.slice(0, 1)), batchOf(target, three.slice(1))];
      await target.send(one, all(one), never);
      expect(await target.find(two, never)).toEqual(new Map());
      await target.send(two, all(two), never);
      expect((await held()).toSorted()).toEqual([...one.docIds, ...two.docIds]);
    });

    it('gets nothing twice when a try whose end nobody saw is finished by find and send', async () => {
      const batch = batchOf(target, three);
      await target.send(batch, all(batch), never);
      const found = await target.find(batch, never);
      const missing = new Set(batch.docIds.filter((docId) => !found.has(docId)));
      if (missing.size > 0) await target.send(batch, missing, never);
      expect((await held()).toSorted()).toEqual(batch.docIds);
    });

    it('takes a batch of one', async () => {
      const batch = batchOf(target, three.slice(0, 1));
      await target.send(batch, all(batch), never);
      expect(await held()).toEqual(batch.docIds);
    });

    it('answers a ping', async () => {
      await expect(target.ping()).resolves.toBeUndefined();
    });
  });
}
