import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutputBed } from '../testing/output-bed.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';

let bed: OutputBed;
beforeAll(async () => void (bed = await OutputBed.start()));
afterAll(() => bed.stop());
beforeEach(() => bed.clear());

const lines = () =>
  bed.query<{ stream: string; doc_id: string; version: number; op: string; line: string }>(
    'select stream, doc_id, version, op, line from assay.output_lines order by line_id',
  );
const told = async () => (await lines()).map(({ stream, doc_id, version, op }) => [stream, doc_id.at(-1), version, op]);

describe('applyDecisions', () => {
  it('writes a gold line with the text of the document', async () => {
    await bed.storeDocuments(1, () => 'zwei „Zeilen“\nund | ein \\ mehr 🧾');

    expect(await bed.apply(decision(1, 1, 'gold'))).toEqual({ duplicate: 0 });

    const [row] = await lines();
    expect(JSON.parse(row!.line)).toMatchObject({
      doc_id: docIdOf(1),
      text: 'zwei „Zeilen“\nund | ein \\ mehr 🧾',
      label: 'billing',
    });
  });

  it('takes a late dissent out of gold and into the disagreements, and a withdrawal back again', async () => {
    await bed.storeDocuments(1);

    await bed.apply(decision(1, 1, 'gold'));
    await bed.apply(decision(1, 2, 'disagreement'));
    await bed.apply(decision(1, 3, 'gold'));

    expect(await told()).toEqual([
      ['gold', '1', 1, 'add'],
      ['disagreements', '1', 2, 'add'],
      ['gold', '1', 2, 'retract'],
      ['disagreements', '1', 3, 'retract'],
      ['gold', '1', 3, 'add'],
    ]);
  });

  it('drops versions that a snapshot delivers late, also within one batch', async () => {
    await bed.storeDocuments(2);

    expect(await bed.apply(decision(1, 3, 'disagreement'), decision(1, 2, 'gold'))).toEqual({ duplicate: 1 });
    expect(await bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'), decision(1, 3, 'disagreement'))).toEqual({
      duplicate: 2,
    });

    expect(await told()).toEqual([
      ['disagreements', '1', 3, 'add'],
      ['gold', '2', 1, 'add'],
    ]);
  });

  it('remembers a verdict that writes no line, so that an older gold cannot come after it', async () => {
    await bed.storeDocuments(1);

    await bed.apply(decision(1, 2, 'pending'));

    expect(await bed.apply(decision(1, 1, 'gold'))).toEqual({ duplicate: 1 });
    expect(await told()).toEqual([]);
  });

  it('retracts a document whose text was erased, whatever the decision says', async () => {
    await bed.storeDocuments(1);
    await bed.apply(decision(1, 1, 'gold'));
    await bed.query('update public.documents set text = null');

    await bed.apply(decision(1, 2, 'gold'));

    expect(JSON.parse((await lines()).at(-1)!.line)).toMatchObject({ op: 'retract', reason: 'erased' });
  });

  it('writes rows in order of doc_id', async () => {
    await bed.storeDocuments(3);

    await bed.apply(decision(3, 1, 'gold'), decision(1, 1, 'gold'), decision(2, 1, 'gold'));

    expect((await told()).map(([, doc]) => doc)).toEqual(['1', '2', '3']);
  });

  it('waits for a document that Postgres does not have, and applies nothing meanwhile', async () => {
    await bed.storeDocuments(1);

    const applying = bed.apply(decision(1, 1, 'gold'), decision(2, 1, 'gold'));

    await expect(applying).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', retriable: true });
    expect(await told()).toEqual([]);
  });
});
