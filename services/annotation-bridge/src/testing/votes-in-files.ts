import type { Label } from '@assay/labels/label';
import { labelKey } from '@assay/labels/label';
import type { SourceSettings } from '@assay/labels/label-row';
import { readLabels } from '@assay/labels/read-labels';
import type { BlobStore } from '@assay/shared/blob/blob-store';

/** A vote with nothing but what makes two of them equal. */
const voteOf = ({ docId, annotator, field, value, confidence, annotatedAt }: Label): string =>
  JSON.stringify([docId, annotator, field, labelKey(value), confidence, annotatedAt]);

const annotationOf = (label: Label): string => String(label.extra['annotation_id']);

/** What all label files together leave standing: a row counts once, and not where another takes it back. */
export async function votesStanding(blobs: BlobStore, settings: SourceSettings): Promise<readonly string[]> {
  const votes = new Map<string, Set<string>>();
  const takenBack = { ids: new Set<string>(), rows: new Set<string>() };
  for await (const { name } of blobs.list('')) {
    const { outcome, labels } = await readLabels(name, (await blobs.read(name))!, settings);
    if (outcome.kind === 'rejected') throw new Error(`${name} was rejected: ${outcome.reason}`);
    for (const label of labels) {
      const vote = voteOf(label);
      if (label.extra['op'] !== 'withdraw') votes.set(vote, (votes.get(vote) ?? new Set()).add(annotationOf(label)));
      else if (label.extra['annotation_id'] === undefined) takenBack.rows.add(vote);
      else takenBack.ids.add(annotationOf(label));
    }
  }
  const standing = [...votes].filter(
    ([vote, ids]) => !takenBack.rows.has(vote) && ![...ids].every((id) => takenBack.ids.has(id)),
  );
  return standing.map(([vote]) => vote).toSorted();
}

/** What the export of a tool says by itself, in one pass. */
export async function votesIn(exported: unknown, settings: SourceSettings): Promise<readonly string[]> {
  const { labels } = await readLabels('export.json', Buffer.from(JSON.stringify(exported)), settings);
  return [...new Set(labels.map(voteOf))].toSorted();
}
