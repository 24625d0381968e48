import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRows, defaultRules } from '@assay/labels/decide';
import type { Decision, DecisionRules } from '@assay/labels/decide';
import { textKey } from '@assay/labels/document-key';
import { parseInstantText } from '@assay/labels/instant';
import { labelJson, labelKey } from '@assay/labels/label';
import type { Label } from '@assay/labels/label';
import { decideOriginal } from '@assay/labels/original-rules';
import { readLabels } from '@assay/labels/read-labels';
import type { SettledVotes, Vote } from '@assay/labels/votes';
import { validateFiles } from './testing/validate-files.ts';
import type { Files, ValidatedFiles, VotesLine } from './testing/validate-files.ts';

const RUNS = Number(process.env['ASSAY_PROPERTY_RUNS'] ?? 100);
const TIMEOUT_MS = 20_000 + RUNS * 200;

const HEADER = 'doc_id,text,annotator_id,field,label,confidence_score,annotated_at';

interface Row {
  readonly document: string;
  readonly text: string;
  readonly annotator: string;
  readonly field: string;
  readonly label: string;
  readonly confidence: string;
  readonly at: string;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function csv(rows: readonly Row[]): string {
  const lines = rows.map(({ document, text, annotator, field, label, confidence, at }) =>
    [document, text, annotator, field, label, confidence, at].map(quoted).join(','),
  );
  return [HEADER, ...lines, ''].join('\n');
}

// Few values, so that rows meet: duplicates, ties, late dissent and empty cells are the rule.
const row: fc.Arbitrary<Row> = fc.record({
  document: fc.constantFrom('d1', 'd2', 'd3', ''),
  text: fc.constantFrom('a text', ' a  text', 'another\n"text"', 'é', ''),
  annotator: fc.constantFrom('ann', 'bob', 'zoe', ''),
  field: fc.constantFrom('', '', 'label', 'urgency'),
  label: fc.constantFrom('a', 'b', '["b","a"]', '["a","b"]', ' a ', ''),
  confidence: fc.constantFrom('0.9', '0.90', '0.8', '0.79', '0', '-0', '95%'),
  at: fc.constantFrom('', 'soon', '2026-11-21', '2026-11-21T00:00:00.000001Z', '2026-11-22T01:00+01:00'),
});

const rules: fc.Arbitrary<DecisionRules> = fc.record({
  threshold: fc.constantFrom(defaultRules.threshold, 0.5),
  minAnnotators: fc.constantFrom(1, 2),
  minConfidentVotes: fc.constantFrom(1, 2),
  requiredFields: fc.constantFrom(null, ['label'], ['label', 'urgency'], ['other']),
});

function argsOf({ threshold, minAnnotators, minConfidentVotes, requiredFields }: DecisionRules): string[] {
  return [
    `--threshold=${threshold}`,
    `--min-annotators=${minAnnotators}`,
    `--min-confident-votes=${minConfidentVotes}`,
    ...(requiredFields === null ? [] : ['--fields', requiredFields.join(',')]),
  ];
}

/** What the pure functions say about the same files, document by document. */
async function readVotes(files: Files): Promise<Map<string, Vote[]>> {
  const read = await Promise.all(
    Object.entries(files).map(([path, content]) => readLabels(path, Buffer.from(content as string))),
  );
  const byDocument = new Map<string, Vote[]>();
  for (const label of read.flatMap(({ labels }) => labels)) {
    const document = label.docId === null ? textKey(label.text ?? '') : label.docId;
    byDocument.set(document, [...(byDocument.get(document) ?? []), voteOf(label)]);
  }
  return byDocument;
}

function voteOf({ field, annotator, value, confidence, annotatedAt, text, origin }: Label): Vote {
  const instant = parseInstantText(annotatedAt ?? '');
  return {
    field,
    annotator,
    label: value,
    confidence: confidence ?? 0,
    annotatedAt: Number.isNaN(instant) ? null : instant,
    text,
    path: origin.path,
    row: origin.row,
  };
}

function byDocumentId<T extends { readonly doc_id: string }>(lines: readonly T[]): T[] {
  return lines.toSorted((left, right) => (left.doc_id < right.doc_id ? -1 : 1));
}

function votesOf({ votes }: VotesLine): string[] {
  return votes.map(({ annotator_id: annotator, label, confidence_score: confidence, row: name }) =>
    JSON.stringify([annotator, label, confidence, name]),
  );
}

function expectedVotes({ live }: SettledVotes): string[] {
  return live.map(({ annotator, label, confidence, path, row: at }) =>
    JSON.stringify([annotator, labelJson(label), confidence, `${path}#${at}`]),
  );
}

function goldOf({ fields }: Decision): unknown {
  const entries = Object.entries(fields);
  const confidences = entries.map(([, { confidence }]) => confidence ?? 1);
  const labels = Object.fromEntries(entries.map(([name, { label }]) => [name, label]));
  return {
    ...(entries.length === 1 ? { label: Object.values(labels)[0] } : { labels }),
    confidence_score: Math.min(...confidences),
    annotators: [...new Set(entries.flatMap(([, { annotators }]) => annotators))].toSorted(),
  };
}

describe('assay validate', () => {
  it(
    'settles and decides as the pure functions do, document by document',
    async () => {
      const files = fc.array(fc.array(row, { maxLength: 14 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(files, rules, async (contents, applied) => {
          const input = Object.fromEntries(contents.map((rows, at) => [`${at}.csv`, csv(rows)]));
          const { report, gold, disagreements, lowConfidence, pending } = await validateFiles(input, argsOf(applied));
          const expected = new Map([...(await readVotes(input))].map(([id, rows]) => [id, decideRows(rows, applied)]));
          const all = [...expected.values()].map(({ votes }) => votes);
          const count = (state: keyof SettledVotes) => all.reduce((sum, votes) => sum + votes[state].length, 0);
          const [live, superseded, duplicate] = [count('live'), count('superseded'), count('duplicate')];
          expect(report).toMatchObject({ live, superseded, duplicate });
          const written = { gold, disagreement: disagreements, low_confidence: lowConfidence, pending };
          for (const [verdict, lines] of Object.entries(written)) {
            const wanted = [...expected].filter(([, { decision }]) => decision.verdict === verdict);
            expect(new Set(lines.map(({ doc_id: id }) => id))).toEqual(new Set(wanted.map(([id]) => id)));
          }
          for (const line of gold)
            expect(line).toMatchObject(goldOf(decisionOf(expected, line.doc_id).decision) as object);
          for (const line of [...disagreements, ...lowConfidence, ...pending]) {
            expect(votesOf(line)).toEqual(expectedVotes(decisionOf(expected, line.doc_id).votes));
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'follows the original rules as the pure function does',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
          const input = { 'a.csv': csv(rows) };
          const { gold, disagreements } = await validateFiles(input, ['--rules', 'original']);
          const votes = [...(await readVotes(input)).values()].flat();
          const original = decideOriginal(votes, defaultRules.threshold);
          const shown = ({ text, annotator, label, confidence }: Vote) =>
            JSON.stringify({ text, annotator_id: annotator, label: labelJson(label), confidence_score: confidence });
          expect(gold.map((line) => JSON.stringify(line)).toSorted()).toEqual(original.clean.map(shown).toSorted());
          expect(new Set(disagreements.map(({ text }) => text))).toEqual(new Set(original.disagreements.keys()));
          for (const { text, labels } of disagreements) {
            const found = original.disagreements.get(text ?? '') ?? [];
            expect(labels).toHaveLength(new Set(found.map(({ label }) => labelKey(label))).size);
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'ends in the same verdicts and votes however votes are interleaved, split over files and repeated',
    async () => {
      await fc.assert(
        fc.asyncProperty(scattered, async ({ once, again }) => {
          const outcome = finalOutcome(await validateFiles({ 'all.csv': csv(once) }));
          expect(finalOutcome(await validateFiles(again))).toEqual(outcome);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

function decisionOf<T>(expected: ReadonlyMap<string, T>, id: string): T {
  const found = expected.get(id);
  if (found === undefined) throw new Error(`nobody expects ${id}`);
  return found;
}

/** Votes whose order is told by their times alone (no two of one annotator on one field at the same time), and the same
 * votes shuffled, dealt to several files and some of them repeated. */
const scattered = fc
  .array(row, { minLength: 1, maxLength: 20 })
  .map((rows) => rows.map((one) => ({ ...one, text: one.document === '' ? 'a text' : `text of ${one.document}` })))
  .map((rows) => [...new Map(rows.map((one, at) => [timeKey(one, at), one])).values()])
  .chain((once) => {
    const place = fc.record({ file: fc.nat(3), key: fc.nat(), copies: fc.integer({ min: 1, max: 3 }) });
    const places = fc.array(place, { minLength: once.length, maxLength: once.length });
    return places.map((all) => ({ once, again: deal(once, all) }));
  });

/** Equal for two votes of which the later counts by its row alone; anonymous votes never replace each other. */
function timeKey({ document, annotator, field, at: time }: Row, at: number): string {
  const instant = parseInstantText(time);
  return JSON.stringify([document, annotator === '' ? at : annotator, field === '' ? 'label' : field, instant]);
}

function deal(rows: readonly Row[], places: readonly { file: number; key: number; copies: number }[]): Files {
  const dealt = rows.flatMap((one, at) => {
    const { file = 0, key = 0, copies = 1 } = places[at] ?? {};
    return Array.from({ length: copies }, (_, copy) => ({ one, file: (file + copy) % 4, key: key * (copy + 1) }));
  });
  const byFile = Map.groupBy(
    dealt.toSorted((left, right) => left.key - right.key),
    ({ file }) => `day ${file}/labels.csv`,
  );
  return Object.fromEntries([...byFile].map(([path, list]) => [path, csv(list.map(({ one }) => one))]));
}

/** What must not depend on the way the votes came: everything but the names of rows. */
function finalOutcome({ report, gold, disagreements, lowConfidence }: ValidatedFiles): unknown {
  const shown = (lines: readonly VotesLine[]) =>
    byDocumentId(lines).map(({ votes, ...line }) => {
      const live = votes.map(({ annotator_id: who, label, confidence_score: confidence, field }) =>
        JSON.stringify([who, field ?? '', label, confidence]),
      );
      return { ...line, votes: live.toSorted() };
    });
  return {
    decisions: report.decisions,
    live: report.live,
    agreement: report.agreement,
    gold: byDocumentId(gold),
    disagreements: shown(disagreements),
    lowConfidence: shown(lowConfidence),
  };
}
