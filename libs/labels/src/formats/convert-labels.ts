import type { Label } from '../label.ts';
import type { NotVoteReason } from '../reasons.ts';
import type { LabelFormat, ReadSettings, WriteSettings } from './label-format.ts';
import type { Loss } from './loss.ts';
import { placeOf } from './loss.ts';

export interface Conversion {
  readonly content: string;
  readonly read: number;
  readonly references: number;
  readonly written: number;
  readonly notVotes: Readonly<Partial<Record<NotVoteReason, number>>>;
  /** Of reading and of writing. */
  readonly losses: readonly Loss[];
}

/** Only Label Studio JSON can say that an annotation is ground truth. */
const HOLDS_REFERENCES = 'label-studio';

/** Their servers refuse an item without the text that people shall read, and the whole import with it. */
const NEEDS_TEXT = ['label-studio', 'argilla'];

/** One format's content as another's. */
export function convertLabels(
  content: string,
  from: LabelFormat,
  to: LabelFormat,
  settings: ReadSettings & WriteSettings,
): Conversion {
  const { labels, references, notVotes, losses } = from.read(content, settings);
  const canHold = to.name === HOLDS_REFERENCES;
  const result = to.write(canHold ? [...labels, ...references] : labels, settings);
  const left: readonly Loss[] = (canHold ? [] : references).map((label) => {
    return { what: 'ground truth', where: placeOf(label), why: `${to.name} cannot mark a reference`, isKept: false };
  });
  return {
    content: result.content,
    read: labels.length,
    references: references.length,
    written: result.written,
    notVotes,
    losses: [...losses, ...left, ...result.losses, ...(NEEDS_TEXT.includes(to.name) ? missingTexts(labels, to) : [])],
  };
}

function missingTexts(labels: readonly Label[], { name }: LabelFormat): Loss[] {
  return labels
    .filter(({ text }) => text === null)
    .map((label) => {
      const why = `${name} refuses an item without its text, which the input does not have`;
      return { what: 'text', where: placeOf(label), why, isKept: false };
    });
}
