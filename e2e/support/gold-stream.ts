import { type GoldLine, goldLineSchema } from '@assay/shared/contracts/gold-line';
import type { GoldExample } from './single-pass.ts';
import type { SystemBed } from './system-bed.ts';

export interface GoldStream {
  readonly lines: readonly GoldLine[];
  /** What a consumer holds after the last line. */
  readonly examples: ReadonlyMap<string, GoldExample>;
  /** Sentences for everything a consumer must never see; none when the stream is sound. */
  readonly faults: readonly string[];
}

/** The gold stream as a consumer reads it, segment after segment. */
export async function readGoldStream(bed: Pick<SystemBed, 'blobs'>): Promise<GoldStream> {
  const lines: GoldLine[] = [];
  const faults: string[] = [];
  let number = 0;
  for await (const { name } of bed.blobs.gold.list('segments/')) {
    number++;
    if (!name.startsWith(`segments/${String(number).padStart(8, '0')}-`))
      faults.push(`${name} is not segment ${number}`);
    const text = Buffer.from((await bed.blobs.gold.read(name))!).toString();
    for (const line of text.trimEnd().split('\n')) lines.push(goldLineSchema.parse(JSON.parse(line)));
  }
  const newest = new Map<string, GoldLine>();
  for (const line of lines) {
    const before = newest.get(line.doc_id);
    if (before !== undefined && before.version >= line.version)
      faults.push(`${line.doc_id}: version ${line.version} comes after ${before.version}`);
    if (line.op === 'retract' && before?.op !== 'add') faults.push(`${line.doc_id}: taken back without being there`);
    newest.set(line.doc_id, line);
  }
  const examples = [...newest.values()].flatMap((line): [string, GoldExample][] => {
    if (line.op === 'retract') return [];
    const { doc_id, label, confidence_score, annotators } = line;
    return [[doc_id, { label, confidence_score, annotators }]];
  });
  return { lines, examples: new Map(examples), faults };
}
