import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@assay/agreement/random';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { redecideAll } from './redecide.verb.ts';
import { withRandomDelays, shuffled } from '../testing/random-delays.ts';
import { byText, docIdOf, labelRow, type LabelRowChanges } from '../testing/label-row.ts';
import { deliver } from '../testing/run-history.ts';
import { DEFAULT, ValidatorBed } from '../testing/validator-bed.ts';
import { lockHeads } from '../votes/labels.sql.ts';
import { settleLabels } from '../votes/settle-labels.ts';
import { settleMatched } from '../votes/waiting-labels.ts';

const ROUNDS = Number(process.env['ASSAY_RACE_ROUNDS'] ?? 20);
const DOCUMENTS = 24;
const PARTITIONS = [0, 1, 2];

const isLocked: Statement = { name: '', text: `select from assay.heads where doc_id = $1 for update skip locked` };

/** The same document voted on from two partitions at once is never gold with a dissent, and nobody waits in a circle. */
describe('two validators at once', () => {
  let bed: ValidatorBed;
  beforeAll(async () => {
    bed = await ValidatorBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.clear());

  const aLockIsWaitedFor = async () => {
    const text = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await bed.query(text)).length === 0) await sleep(5);
  };

  /** Does the work in a transaction that stays open until it is told to commit, at the latest when the test ends. */
  async function heldOpen(work: (tx: Transaction) => Promise<unknown>): Promise<() => Promise<void>> {
    const done = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const committed = bed.postgres.transaction('synchronous', async (tx) => {
      await work(tx);
      done.resolve();
      await gate.promise;
    });
    const commit = async () => {
      gate.resolve();
      await committed;
    };
    onTestFinished(commit);
    await Promise.race([done.promise, committed]);
    return commit;
  }

  it.each([
    ['a document nobody has voted on', false],
    ['a document that was judged before', true],
  ])('the second sees the vote that the first has not committed yet: %s', async (_, wasJudged) => {
    await bed.addDocuments([1]);
    const agree = labelRow('a.csv#1');
    const dissent = labelRow('b.csv#1', { annotator_id: 'bob', says: 'praise', confidence_score: 0.1 });
    if (wasJudged) await bed.query(`insert into assay.heads (doc_id) values ($1)`, [docIdOf(1)]);
    const items = [{ record: sourceRecord({ partition: 1 }), value: agree }];
    const commitFirst = await heldOpen((tx) => settleLabels(DEFAULT).apply(tx, items));
    const second = bed.settle([dissent], { partition: 2 });
    await aLockIsWaitedFor();
    await commitFirst();
    await second;
    expect((await bed.state()).decisions.map(({ version, verdict }) => `${version} ${verdict}`)).toEqual([
      '1 gold',
      '2 disagreement',
    ]);
  });

  it('documents are locked in one order, whatever the order of their labels', async () => {
    await bed.addDocuments([1, 2, 3]);
    await bed.query(`insert into assay.heads (doc_id) select doc_id from public.documents order by doc_id desc`);
    const releaseMiddle = await heldOpen((tx) => tx.query(lockHeads, [[docIdOf(2)]]));
    const labels = [3, 1, 2].map((number, index) => labelRow(`b.csv#${index + 1}`, { doc_id: docIdOf(number) }));
    const all = bed.settle(labels, { partition: 2 });
    await aLockIsWaitedFor();
    const free = await Promise.all([1, 2, 3].map((number) => bed.postgres.query(isLocked, [docIdOf(number)])));
    expect(free.map((rows) => rows.length)).toEqual([0, 0, 1]);
    await releaseMiddle();
    await all;
  });

  it.each([
    ['documents nobody has voted on', false],
    ['documents that were judged before', true],
  ])('three partitions vote on the same %s, at all times', async (_, wereJudged) => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = createRandom(round);
      const { documents, labels } = await roundOf(round, wereJudged);
      const says = round % 2 === 0 ? 'bug' : 'praise';
      const batches = PARTITIONS.map((partition) =>
        inRows(
          shuffled(
            labels(`p${partition}`, (number) => ({ doc_id: docIdOf(number), says: partition === 0 ? says : 'bug' })),
            random,
          ),
        ),
      );
      await bed.addFiles(batches.flat());
      await Promise.all(
        batches.map((batch, partition) => deliver(withRandomDelays(bed.postgres, random), partition, batch, DEFAULT)),
      );
      const verdicts = await bed.verdicts();
      expect(new Set(documents.map((number) => verdicts[docIdOf(number)]))).toEqual(
        new Set([says === 'bug' ? 'gold' : 'disagreement']),
      );
    }
    expect(await bed.account()).toMatchObject({
      label_rows: ROUNDS * DOCUMENTS * PARTITIONS.length,
      rows_under_way: 0,
    });
  });

  it('the worker that settles what waited, and a redecision of everything, stand in nobody’s way', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = createRandom(round);
      const postgres = withRandomDelays(bed.postgres, random);
      const { labels } = await roundOf(round, round % 2 === 0);
      // What waited for partition 1 and 2 meets partition 0 in the documents, what waited for 0 in the counts of its shard.
      const annotator = (number: number) => `annotator ${number % 8}`;
      const waiting = labels('waited', (number) => ({ ...byText(number), annotator_id: annotator(number) }));
      const came = labels('came', (number) => ({ doc_id: docIdOf(number), annotator_id: annotator(number + 1) }));
      const batch = inRows(
        shuffled(
          came.filter((_, index) => index % 3 > 0),
          random,
        ),
      );
      await bed.addFiles([...waiting, ...batch]);
      await park(waiting);
      const settleAll = async () => {
        while (await settleMatched(postgres, DEFAULT));
      };
      await Promise.all([settleAll(), redecideAll(postgres, DEFAULT, () => {}), deliver(postgres, 0, batch, DEFAULT)]);
    }
    const documents = ROUNDS * DOCUMENTS;
    expect(await bed.account()).toMatchObject({
      live: documents + (documents * 2) / 3,
      gold: documents,
      waiting_rows: 0,
      rows_under_way: 0,
    });
  });

  /** Documents of its own for each round, because a race is also about the first row of a document, its head. */
  async function roundOf(round: number, wereJudged: boolean) {
    const documents = Array.from({ length: DOCUMENTS }, (_, index) => round * DOCUMENTS + index + 1);
    await bed.addDocuments(documents);
    const ids = documents.map(docIdOf);
    if (wereJudged) await bed.query(`insert into assay.heads (doc_id) select unnest($1::text[])`, [ids]);
    const labels = (who: string, how: (number: number) => LabelRowChanges) =>
      // An annotator for each document: the more counts a transaction moves, the more there is to wait for.
      documents.map((number, index) =>
        labelRow(`${who}-${round}.csv#${index + 1}`, { annotator_id: `${who}${index}`, ...how(number) }),
      );
    return { documents, labels };
  }

  /** Puts labels where they wait, spread over the partitions, as if their documents had not been there. */
  async function park(labels: readonly LabelMessage[]): Promise<void> {
    const rows = labels.map((message, index) => ({
      path: message.origin.path,
      file_sha256: message.origin.sha256,
      generation: message.origin.generation,
      row_number: message.origin.row,
      partition: PARTITIONS[index % PARTITIONS.length],
      text_hash: message.text_hash,
      message,
    }));
    await bed.query(
      `insert into assay.unmatched_labels (path, file_sha256, generation, row_number, partition, text_hash, message)
       select path, file_sha256, generation, row_number, partition, text_hash, message
         from json_to_recordset($1::json) as u (
           path text, file_sha256 text, generation integer, row_number integer, partition integer, text_hash text,
           message jsonb
         )`,
      [JSON.stringify(rows)],
    );
    await bed.query(
      `insert into assay.file_progress (file_sha256, generation, path, partition, last_row, row_count, duplicate_count)
       select file_sha256, generation, path, partition, max(row_number), count(*), 0
         from assay.unmatched_labels
        group by file_sha256, generation, path, partition`,
    );
  }
});

/** Rows of a file come in order; the order of the documents in it is the file's own. */
const inRows = (labels: readonly LabelMessage[]): LabelMessage[] =>
  labels.map((label, index) => ({ ...label, origin: { ...label.origin, row: index + 1 } }));
