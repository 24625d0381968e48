import { defaultRules, type DecisionRules } from '@assay/labels/decide';
import { labelJson, labelKey, type LabelValue } from '@assay/labels/label';
import { type Head, judgeDocument, type Judgement, type KnownVote } from '../decisions/domain/judge-document.ts';
import type { VoteRow } from '../votes/domain/vote-row.ts';

export const DOC = 'd'.repeat(32);
export const NO_HEAD: Head = { life: 1, version: 0, verdict: null, fields: {} };
export const pick = (choice: string): LabelValue => ({ kind: 'choice', choice });

let nextRow = 0;

type Changes = Partial<Omit<VoteRow, 'label' | 'value'>> & {
  says?: LabelValue;
  isWithdrawn?: boolean;
  wholeBytes?: number | null;
};

/** A vote that was never judged; `who` for "bug" at 0.9 when nothing else is said. */
export function vote(
  who: string | null,
  { says = pick('bug'), isWithdrawn = false, wholeBytes = null, ...changes }: Changes = {},
): KnownVote {
  nextRow += 1;
  const row: VoteRow = {
    annotation_id: String(nextRow).padStart(32, '0'),
    doc_id: DOC,
    annotator_id: who,
    field: 'label',
    label: labelKey(says),
    value: labelJson(says),
    confidence_score: 0.9,
    text: null,
    raw_annotation_path: '2026/11/01/a.csv',
    raw_row: nextRow,
    file_sha256: 'f'.repeat(64),
    generation: 1,
    tool: 'file',
    tool_annotation_id: null,
    annotated_at: null,
    ...changes,
  };
  return { row, wholeBytes, withdrawn: isWithdrawn ? 'taken back' : null, standing: null, reason: null };
}

export const judge = (
  votes: readonly KnownVote[],
  rules: DecisionRules = defaultRules,
  head = NO_HEAD,
  life = 1,
): Judgement => judgeDocument({ docId: DOC, head, votes }, rules, life);

/** The document as it stands after a judgement, for the next one. */
export function after(votes: readonly KnownVote[], { decision, standings }: Judgement, head = NO_HEAD) {
  const changes = new Map(standings.map(({ vote: { annotation_id }, ...change }) => [annotation_id, change]));
  return {
    head: decision ?? head,
    votes: votes.map((known) => {
      const change = changes.get(known.row.annotation_id);
      return change === undefined ? known : { ...known, standing: change.status, reason: change.reason };
    }),
  };
}

export const withdrawn = ({ row, wholeBytes, standing, reason }: KnownVote): KnownVote => ({
  row,
  wholeBytes,
  standing,
  reason,
  withdrawn: 'taken back',
});
export const standingsOf = ({ standings }: Judgement) => standings.map(({ status, reason }) => `${status}: ${reason}`);

/** A confident vote about the field `urgency`. */
export const urgent = (who: string, says = pick('high'), confidence_score = 0.9): KnownVote =>
  vote(who, { field: 'urgency', says, confidence_score });
