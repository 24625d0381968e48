import type { WrittenRow } from './label-desk.ts';

/** What people write about a document: at once, and in a later file. */
export interface LabelPlan {
  readonly first: readonly WrittenRow[];
  readonly later: readonly WrittenRow[];
}

/** Of a hundred documents, how many go which way. The document's id chooses, so that every run writes the same. */
const ways: readonly (readonly [share: number, plan: (docId: string) => LabelPlan])[] = [
  [45, (doc) => ({ first: [vote(doc, 'ann'), vote(doc, 'ben', 'billing', '0.6')], later: [] })],
  [10, (doc) => ({ first: [vote(doc, 'ann'), vote(doc, 'ben', 'refund')], later: [] })],
  // Gold, and taken back by a dissent below the threshold.
  [12, (doc) => ({ first: [vote(doc, 'ann')], later: [vote(doc, 'ben', 'refund', '0.2')] })],
  // A disagreement that becomes gold when its dissent is taken back by the tool's id.
  [12, (doc) => ({ first: [vote(doc, 'ann'), fromTool(doc, 'vote')], later: [fromTool(doc, 'withdraw')] })],
  [4, (doc) => ({ first: [vote(doc, 'ann', 'billing', '0.5')], later: [] })],
  [4, (doc) => ({ first: [vote(doc, 'ann', 'billing', '0.5')], later: [vote(doc, 'ben', 'billing', '0.85')] })],
  // The annotator changes their mind: gold stays gold, with another label.
  [5, (doc) => ({ first: [vote(doc, 'ann', 'refund')], later: [vote(doc, 'ann')] })],
  [3, (doc) => ({ first: [vote(doc, 'ann')], later: [vote(doc, 'ann')] })],
  [2, (doc) => ({ first: [vote(doc, 'ann'), vote(doc, 'ben', 'refund', '95%')], later: [] })],
  [3, () => ({ first: [], later: [] })],
];

const vote = (docId: string, annotator: string, label = 'billing', confidence = '0.9'): WrittenRow => ({
  docId,
  annotator,
  label,
  confidence,
});

const fromTool = (docId: string, op: 'vote' | 'withdraw'): WrittenRow => ({
  ...vote(docId, 'cat', 'refund'),
  op,
  toolId: `cat-${docId}`,
});

export function labelPlanOf(docId: string): LabelPlan {
  let left = Number.parseInt(docId.slice(0, 8), 16) % 100;
  const way = ways.find(([share]) => (left -= share) < 0);
  return way![1](docId);
}
