import type { Decision, DecisionRules, Verdict } from '@assay/labels/decide';
import type { DecidedField, VoteView } from '@assay/shared/contracts/gold-line';
import { MIB } from '@assay/shared/contracts/units';
import type { StandingChange } from './standing.ts';

// A decision leaves Postgres in a change event, which the topic takes up to 4 MiB (contracts/topics.ts). What a document's
// votes can make long is shown up to a stated number, live votes first; the reason always counts all of them, and gold is
// never shortened: where the labels themselves are too long for an event, the document is not gold.

export const VOTES_SHOWN = 100;
export const LABELS_SHOWN = 20;
export const ANNOTATORS_SHOWN = 100;
const FIELDS_TOLD = 20;
const VOTES_MAX_BYTES = MIB;
const FIELDS_MAX_BYTES = 2 * MIB;

type Fields = Readonly<Record<string, DecidedField>>;

/** What was decided, in a size that every hop takes. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly fields: Fields;
  readonly reason: string;
}

/** `wholeBytes` are the bytes in an event of the labels that stand in `decision` shortened. */
export function outcomeOf(decision: Decision, wholeBytes: number, rules: DecisionRules): Outcome {
  const fields = decidedFields(decision);
  const reason = reasonOf(decision, rules);
  if (bytesInEvent(fields) + wholeBytes <= FIELDS_MAX_BYTES) return { verdict: decision.verdict, fields, reason };
  const tooLarge = `its labels or fields are larger together than a decision may be (${FIELDS_MAX_BYTES} bytes); ${reason}`;
  return { verdict: 'pending', fields: {}, reason: tooLarge };
}

const decidedFields = ({ fields }: Decision): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { verdict, label, labels, confidence, annotators }]) => [
      name,
      {
        verdict,
        label,
        labels: labels.slice(0, LABELS_SHOWN),
        confidence_score: confidence,
        annotators: annotators.slice(0, ANNOTATORS_SHOWN),
      },
    ]),
  );

/** In row order, live ones before others where not all are shown. */
export function shownVotes(standings: readonly StandingChange[]): readonly VoteView[] {
  const views = standings.map(({ vote, status }): VoteView => ({
    annotation_id: vote.annotation_id,
    annotator_id: vote.annotator_id,
    field: vote.field,
    label: vote.label,
    value: vote.value ?? vote.label,
    confidence_score: vote.confidence_score,
    row: `${vote.raw_annotation_path}#${vote.raw_row}`,
    status,
  }));
  const isLive = ({ status }: VoteView) => status === 'live';
  const shown = new Set<VoteView>();
  let bytes = 0;
  for (const view of [...views.filter(isLive), ...views.filter((view) => !isLive(view))].slice(0, VOTES_SHOWN)) {
    bytes += bytesInEvent(view);
    if (bytes > VOTES_MAX_BYTES) break;
    shown.add(view);
  }
  return views.filter((view) => shown.has(view));
}

/** Which rule decided, with its numbers and without anybody's words. */
export function reasonOf({ fields }: Decision, { threshold }: DecisionRules): string {
  const names = Object.entries(fields);
  const parts = names
    .slice(0, FIELDS_TOLD)
    .map(
      ([name, { verdict, labels, liveVotes, confidentVotes }]) =>
        `${name}: ${verdict} (${liveVotes} live ${liveVotes === 1 ? 'vote' : 'votes'}, ${labels.length} ${labels.length === 1 ? 'label' : 'labels'}, ${confidentVotes} at ${threshold} or more)`,
    );
  if (names.length > FIELDS_TOLD) parts.push(`and ${names.length - FIELDS_TOLD} more fields`);
  return parts.length === 0 ? 'no live vote' : parts.join('; ');
}

/** At most: a jsonb value as text, with a blank after each comma and colon, as a string in the JSON of an event. */
export function bytesInEvent(value: unknown): number {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    // Postgres writes 1e-300 and 1e300 out.
    typeof part === 'number' && String(part).includes('e') ? '0'.repeat(330) : part,
  );
  return Buffer.byteLength(JSON.stringify(text)) + (text.match(/[,:]/g)?.length ?? 0);
}
