import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import type { Transaction } from '@assay/shared/pipeline/lane';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redecideAll } from '../redecide.verb.ts';
import { byText, docIdOf, labelRow } from '../testing/label-row.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { settleLabels } from './settle-labels.ts';
import { settleMatched } from './waiting-labels.ts';

const ROUNDS = Number(process.env['ASSAY_RACE_ROUNDS'] ?? 40);
const DOCUMENTS = 12;
/** Documents of their own for each round: what is raced for is also the first row of a document, its head. */
const documentsOf = (round: number) => Array.from({ length: DOCUMENTS }, (_, index) => round * DOCUMENTS + index + 1);

/** The same document voted on from two partitions at once is never gold with a dissent, and nobody waits in a circle. */
describe('two validators at once', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(async () => {
    await bed.clear();
    await bed.addDocuments(Array.from({ length: ROUNDS }, (_, round) => documentsOf(round)).flat());
  });

  const items = (labels: readonly LabelMessage[], partition: number) =>
    labels.map((value) => ({ record: sourceRecord({ partition }), value }));

  it('the second sees the vote that the first has not committed yet', async () => {
    const agree = labelRow('a.csv#1');
    const dissent = labelRow('b.csv#1', { annotator_id: 'bob', says: 'praise', confidence_score: 0.1 });
    await bed.addFiles([agree, dissent]);
    const isWaiting = async () =>
      (await bed.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`))
        .length > 0;
    const gate = new EventTarget();
    const apply = (tx: Transaction, label: LabelMessage, partition: number) =>
      settleLabels(DEFAULT).apply(tx, items([label], partition));
    const first = bed.postgres.transaction('synchronous', async (tx) => {
      await apply(tx, agree, 1);
      const opened = once(gate, 'open');
      gate.dispatchEvent(new Event('voted'));
      await opened;
    });
    await once(gate, 'voted');
    const second = bed.postgres.transaction('synchronous', (tx) => apply(tx, dissent, 2));
    while (!(await isWaiting())) await sleep(5);
    gate.dispatchEvent(new Event('open'));
    await Promise.all([first, second]);
    expect((await bed.state()).decisions.map(({ version, verdict }) => `${version} ${verdict}`)).toEqual([
      '1 gold',
      '2 disagreement',
    ]);
  });

  it.each([
    ['in the same order', (labels: LabelMessage[]) => labels],
    ['in opposite orders', (labels: LabelMessage[]) => labels.toReversed()],
    ['in no order', (labels: LabelMessage[], round: number) => shuffled(labels, round)],
  ])('vote on the same documents %s', async (_, arrange) => {
    for (let round = 0; round < ROUNDS; round++) {
      const votes = (who: string, says: string) =>
        documentsOf(round).map((number, index) =>
          labelRow(`${who}-${round}.csv#${index + 1}`, { doc_id: docIdOf(number), annotator_id: who, says }),
        );
      const says = round % 2 === 0 ? 'bug' : 'praise';
      const [left, right] = [votes('ann', 'bug'), inRows(arrange(votes('bob', says), round))];
      await bed.addFiles([...left, ...right]);
      await Promise.all([bed.settle(left, { partition: 1 }), bed.settle(right, { partition: 2 })]);
      const verdicts = await bed.verdicts();
      const expected = says === 'bug' ? 'gold' : 'disagreement';
      expect(documentsOf(round).map((number) => verdicts[docIdOf(number)])).toEqual(
        documentsOf(round).map(() => expected),
      );
    }
    const half = (ROUNDS / 2) * DOCUMENTS;
    expect(await bed.account()).toMatchObject({ live: 4 * half, gold: half, disagreement: half, rows_under_way: 0 });
  });

  it('and the worker that settles what waited, and a redecision of everything, stand in nobody’s way', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const labels = (who: string, how: (number: number) => object) =>
        documentsOf(round).map((number, index) =>
          labelRow(`${who}-${round}.csv#${index + 1}`, { ...how(number), annotator_id: who }),
        );
      const waiting = labels('ann', byText);
      const later = shuffled(
        labels('bob', (number) => ({ doc_id: docIdOf(number) })),
        round,
      );
      await bed.addFiles([...waiting, ...later]);
      await park(waiting);
      await Promise.all([
        settleAllMatched(),
        redecideAll(bed.postgres, DEFAULT, () => {}),
        ...[0, 1, 2].map((partition) =>
          bed.settle(inRows(later.filter((_, index) => index % 3 === partition)), { partition }),
        ),
      ]);
    }
    const documents = ROUNDS * DOCUMENTS;
    expect(await bed.account()).toMatchObject({
      live: 2 * documents,
      gold: documents,
      waiting_rows: 0,
      rows_under_way: 0,
    });
  });

  /** Puts labels where they wait, spread over the partitions, as if their documents had not been there. */
  async function park(labels: readonly LabelMessage[]): Promise<void> {
    const rows = labels.map((message, index) => ({
      ...message.origin,
      file_sha256: message.origin.sha256,
      row_number: message.origin.row,
      partition: index % 3,
      text_hash: message.text_hash,
      message,
    }));
    await bed.query(
      `insert into assay.unmatched_labels (path, file_sha256, row_number, partition, text_hash, message)
       select path, file_sha256, row_number, partition, text_hash, message
         from json_to_recordset($1::json) as u (path text, file_sha256 text, row_number int, partition int, text_hash text, message jsonb)`,
      [JSON.stringify(rows)],
    );
    await bed.query(
      `insert into assay.file_progress (file_sha256, path, partition, last_row, row_count, duplicate_count)
       select file_sha256, path, partition, max(row_number), count(*), 0
         from assay.unmatched_labels
        group by file_sha256, path, partition`,
    );
  }

  async function settleAllMatched(): Promise<void> {
    while (await settleMatched(bed.postgres, DEFAULT));
  }
});

/** The same order for the same number; every number another one. */
function shuffled(labels: readonly LabelMessage[], number: number): LabelMessage[] {
  const rank = ({ origin }: LabelMessage) => (origin.row * 7919 + number * 104_729) % 1_009;
  return labels.toSorted((a, b) => rank(a) - rank(b));
}

/** Rows of a file come in order; the order of the documents in it is the file's own. */
const inRows = (labels: readonly LabelMessage[]): LabelMessage[] =>
  labels.map((label, index) => ({ ...label, origin: { ...label.origin, row: index + 1 } }));
