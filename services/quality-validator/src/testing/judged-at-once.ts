import { AgreementCounts, ANONYMOUS, type Vote as Rating } from '@assay/agreement/agreement-counts';
import { rowsOf } from '@assay/agreement/count-rows';
import { decide } from '@assay/labels/decide';
import { parseInstantText } from '@assay/labels/instant';
import { compareRows, settleVotes, type Vote } from '@assay/labels/votes';
import type { LabelMessage } from '@assay/shared/contracts/label-message';
import type { DecidedField } from '@assay/shared/contracts/gold-line';
import { labelValueOf } from '../votes/domain/vote-row.ts';
import { documents, finalRows, type LabelHistory } from './label-history.ts';
import type { SettledState } from './settled-state.ts';

/** What must not depend on how the rows came. */
export interface Outcome {
  readonly documents: Readonly<Record<string, { verdict: string; fields: Readonly<Record<string, DecidedField>> }>>;
  /** path#n of every distinct row that is still in its file → how it stands. */
  readonly standings: Readonly<Record<string, string>>;
  readonly counts: readonly string[];
  readonly account: Readonly<Record<'rows' | 'duplicate' | 'withdrawals' | 'waiting' | 'rejected', number>>;
}

type Row = Vote & { readonly message: LabelMessage };

const place = ({ origin: { path, row } }: LabelMessage): string => `${path}#${row}`;
const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const countText = ({ field, kind, key, n }: SettledState['counts'][number]) => `${field} ${kind} ${key} ${n}`;

/** What is there after a history; a document without a decision is pending. */
export function outcomeOf(
  { decisions, annotations, counts, files, ...rest }: SettledState,
  history: LabelHistory,
): Outcome {
  const undecided = fieldsOf([], history);
  const isRemoved = ({ reason }: SettledState['annotations'][number]) => reason === 'its row is no longer in its file';
  const removed =
    annotations.filter(isRemoved).length +
    total(files.map(({ withdrawn_count }) => withdrawn_count)) +
    rest.withdrawals.removed;
  return {
    documents: Object.fromEntries(
      documents.map(({ docId }) => {
        const { verdict = 'pending', fields = undecided } = decisions.findLast(({ doc_id }) => doc_id === docId) ?? {};
        return [docId, { verdict, fields }];
      }),
    ),
    standings: Object.fromEntries(
      annotations.filter((vote) => !isRemoved(vote)).map(({ row, status }) => [row, status ?? 'not judged']),
    ),
    counts: counts.map(countText).toSorted(),
    account: {
      // Those that are in their files.
      rows: total(files.map(({ row_count }) => row_count)) - removed,
      duplicate: total(files.map(({ duplicate_count }) => duplicate_count)) + rest.withdrawals.repeats,
      withdrawals: rest.withdrawals.different,
      waiting: rest.waiting,
      rejected: rest.rejected.length,
    },
  };
}

/** The same from the rules alone: every row of every file as it is in the end, at once, in row order, judged one time. */
export function judgedAtOnce(history: LabelHistory): Outcome {
  const messages = history.files.flatMap(finalRows).toSorted((a, b) => compareRows(a.origin, b.origin));
  const votes = messages.filter(({ op }) => op === 'vote').map(rowOf);
  const withdrawals = distinct(
    messages.filter(({ op }) => op === 'withdraw'),
    isSameWithdrawal,
  );
  const kept = distinct(votes, (a, b) => isEqual(a.message, b.message));
  const isTakenBack = (message: LabelMessage) => withdrawals.some((withdrawal) => takesBack(withdrawal, message));
  // Equal rows are one vote, which stands as long as one of them does.
  const standing = kept.filter((vote) =>
    votes.some(({ message }) => isEqual(message, vote.message) && !isTakenBack(message)),
  );
  const live = documents.map(
    ({ docId }) => settleVotes(standing.filter(({ message }) => docOf(message) === docId)).live,
  );
  const isLive = new Set(live.flat());
  const statusOf = (vote: Row) => (isLive.has(vote) ? 'live' : standing.includes(vote) ? 'superseded' : 'withdrawn');
  return {
    documents: Object.fromEntries(
      documents.map(({ docId }, index) => [
        docId,
        { verdict: decide(live[index]!, history.rules).verdict, fields: fieldsOf(live[index]!, history) },
      ]),
    ),
    standings: Object.fromEntries(kept.map((vote) => [place(vote.message), statusOf(vote)])),
    counts: countsFromScratch(live).toSorted(),
    account: {
      rows: messages.length,
      duplicate: messages.length - kept.length - withdrawals.length,
      withdrawals: withdrawals.length,
      waiting: 0,
      rejected: 0,
    },
  };
}

const docOf = ({ text_hash }: LabelMessage): string => documents.find(({ textHash }) => textHash === text_hash)!.docId;

const instantOf = ({ annotated_at }: LabelMessage): number | null =>
  annotated_at === null ? null : parseInstantText(annotated_at);

const rowOf = (message: LabelMessage): Row => ({
  field: message.field,
  annotator: message.annotator_id,
  label: labelValueOf(message.label, message.value),
  confidence: message.confidence_score,
  annotatedAt: instantOf(message),
  text: message.text,
  path: message.origin.path,
  row: message.origin.row,
  message,
});

/** docs/label-rules.md#6-duplicates, word for word. */
function isEqual(a: LabelMessage, b: LabelMessage): boolean {
  const same = ['annotator_id', 'field', 'label', 'confidence_score', 'text'] as const;
  return docOf(a) === docOf(b) && instantOf(a) === instantOf(b) && same.every((part) => a[part] === b[part]);
}

const hasSameToolId = ({ origin: a }: LabelMessage, { origin: b }: LabelMessage): boolean =>
  a.tool === b.tool && a.tool_annotation_id === b.tool_annotation_id;

const takesBack = (withdrawal: LabelMessage, vote: LabelMessage): boolean =>
  withdrawal.origin.tool_annotation_id === null ? isEqual(withdrawal, vote) : hasSameToolId(withdrawal, vote);

const isSameWithdrawal = (a: LabelMessage, b: LabelMessage): boolean =>
  hasSameToolId(a, b) && (a.origin.tool_annotation_id !== null || isEqual(a, b));

/** The first of each class of equals. */
const distinct = <T>(list: readonly T[], isSame: (a: T, b: T) => boolean): T[] =>
  list.filter((one, index) => list.findIndex((other) => isSame(one, other)) === index);

function fieldsOf(live: readonly Row[], { rules }: LabelHistory): Record<string, DecidedField> {
  const fields = Object.entries(decide(live, rules).fields);
  return Object.fromEntries(
    fields.map(([name, { verdict, label, labels, confidence, annotators }]) => [
      name,
      { verdict, label, labels: [...labels], confidence_score: confidence, annotators: [...annotators] },
    ]),
  );
}

function countsFromScratch(live: readonly (readonly Row[])[]): string[] {
  const fields = [...new Set(live.flat().map(({ field }) => field))];
  return fields.flatMap((field) => {
    const raters = [...new Set(live.flat().flatMap(({ annotator }) => annotator ?? []))];
    const labels = [...new Set(live.flat().map(({ message }) => message.label))];
    const counts = new AgreementCounts();
    for (const votes of live) {
      const ratings = votes
        .filter((vote) => vote.field === field)
        .map(({ annotator, message }): Rating => {
          return [annotator === null ? ANONYMOUS : raters.indexOf(annotator), labels.indexOf(message.label)];
        });
      counts.add(ratings);
    }
    return rowsOf(counts, raters, labels).map((row) => countText({ field, ...row }));
  });
}
