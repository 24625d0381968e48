import type { Label } from '../label.ts';
import type { NotVoteReason, ReadResult } from './label-format.ts';
import type { Loss } from './loss.ts';
import { parseAside, placeOf, restored } from './loss.ts';

/** What a reader gathers while it goes through a file. */
export class LabelCollector {
  readonly #labels: Label[] = [];
  readonly #references: Label[] = [];
  readonly #notVotes: Partial<Record<NotVoteReason, number>> = {};
  readonly #losses: Loss[];

  constructor(losses: readonly Loss[] = []) {
    this.#losses = [...losses];
  }

  /** A vote as the file shows it, with what stands aside for it. */
  vote(shown: Label, aside?: unknown): void {
    this.#labels.push(this.#restore(shown, aside));
  }

  reference(shown: Label, aside?: unknown): void {
    this.#references.push(this.#restore(shown, aside));
    this.notVote('ground_truth');
  }

  notVote(reason: NotVoteReason, count = 1): void {
    if (count > 0) this.#notVotes[reason] = (this.#notVotes[reason] ?? 0) + count;
  }

  loss(what: string, where: string, why: string): void {
    this.#losses.push({ what, where, why, isKept: false });
  }

  result(): ReadResult {
    return { labels: this.#labels, references: this.#references, notVotes: this.#notVotes, losses: this.#losses };
  }

  #restore(shown: Label, json: unknown): Label {
    const aside = parseAside(json);
    if (aside === undefined) return shown;
    const label = restored(shown, aside);
    if (label === undefined) this.loss('aside', placeOf(shown), 'the label was changed since it was written');
    return label ?? shown;
  }
}
