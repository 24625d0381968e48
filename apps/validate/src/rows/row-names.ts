import type { Vote } from '@assay/labels/votes';
import type { RowCollector, CollectedFile } from './row-collector.ts';
import { ANONYMOUS, NO_INSTANT, NO_TEXT } from './row-table.ts';
import type { TextReader } from './text-store.ts';

/** What the numbers of a row mean, for people and result files. */
export class RowNames {
  readonly #collector: RowCollector;
  readonly #annotatorJson: (string | undefined)[] = [];
  readonly #labelJson: (string | undefined)[] = [];

  constructor(collector: RowCollector) {
    this.#collector = collector;
  }

  /** `path#n` */
  rowName(row: number): string {
    const { path, firstRow } = this.#fileOf(row);
    return `${path}#${row - firstRow + 1}`;
  }

  annotator(row: number): string | null {
    const annotator = this.#collector.table.annotator[row] ?? ANONYMOUS;
    return annotator === ANONYMOUS ? null : (this.#collector.annotators.names[annotator] ?? null);
  }

  annotatorJson(row: number): string {
    const annotator = this.#collector.table.annotator[row] ?? ANONYMOUS;
    return (this.#annotatorJson[annotator] ??= JSON.stringify(this.annotator(row)));
  }

  labelJson(row: number): string {
    const label = this.#collector.table.label[row] ?? 0;
    return (this.#labelJson[label] ??= JSON.stringify(this.#collector.labels.labels[label]?.json ?? null));
  }

  field(row: number): string {
    return this.#collector.fields.names[this.#collector.table.field[row] ?? 0] ?? '';
  }

  confidence(row: number): number {
    return this.#collector.table.confidence[row] ?? 0;
  }

  vote(row: number, texts?: TextReader): Vote {
    const { table, labels } = this.#collector;
    const { path, firstRow } = this.#fileOf(row);
    const annotatedAt = table.annotatedAt[row] ?? NO_INSTANT;
    const text = table.text[row] ?? NO_TEXT;
    return {
      field: this.field(row),
      annotator: this.annotator(row),
      label: labels.labels[table.label[row] ?? 0]?.value ?? { kind: 'choice', choice: '' },
      confidence: this.confidence(row),
      annotatedAt: annotatedAt === NO_INSTANT ? null : annotatedAt,
      text: texts === undefined || text === NO_TEXT ? null : texts.text(text),
      path,
      row: row - firstRow + 1,
    };
  }

  #fileOf(row: number): CollectedFile {
    const { files } = this.#collector;
    let low = 0;
    let high = files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((files[middle]?.firstRow ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const file = files[low];
    if (file === undefined) throw new RangeError(`row ${row} belongs to no file`);
    return file;
  }
}
