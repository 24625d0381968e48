import { rowOf } from '@assay/labels/formats/tool-row';
import type { Label } from '@assay/labels/label';
import type { SeenItem } from '../tool-source.ts';
import type { TakenBack } from './compare-answers.ts';

/** Items in the tool's own format, in which the intake knows the tool. */
export const answersFile = (items: readonly SeenItem[], answersKey: string): Buffer =>
  Buffer.from(
    JSON.stringify(
      items.map(({ content, answers }) => ({ ...content, [answersKey]: answers.map((answer) => answer.content) })),
    ),
  );

/**
 * Rows that take back what `labels`, read from one label file, say for these answers. An answer that is gone is taken back by its
 * id, whatever was made of its rows since; of one that changed only the equal row goes, because its id goes on to vote.
 */
export function takenBackRows(labels: readonly Label[], answers: readonly TakenBack[]): readonly object[] {
  const byId = new Map(answers.map((answer) => [answer.answerId, answer]));
  return labels.flatMap(({ origin: _ofTheFile, ...label }) => {
    const { tool, annotation_id: id } = label.extra;
    const answer = typeof id === 'string' ? byId.get(id) : undefined;
    if (answer === undefined) return [];
    const origin = { tool: String(tool), id: answer.isGone ? answer.answerId : null };
    return [{ op: 'withdraw', ...rowOf({ ...label, origin }) }];
  });
}

export const linesOf = (rows: readonly object[]): Buffer =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
