/** Blob containers and the names inside them. Names are built here only, so a reader can always take them apart again. */
export const containers = {
  /** Raw lines, encrypted. Nobody but ingest may read it. */
  bronze: 'bronze',
  /** CSV batches with their manifests, for people and tools that label. */
  outgoing: 'outgoing',
  /** Label files that come back, below YYYY/MM/DD/. */
  labeled: 'labeled',
  /** Segments, disagreements and releases for consumers. */
  gold: 'gold',
  /** Messages too large for a dead-letter topic, of the services behind the masker. */
  deadLetters: 'dead-letters',
} as const;

export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** A producer may date a message as it likes; what is no day of four-digit years (nanoseconds, say) lies under the first. */
export function dayOf(at: Date): string {
  const day = Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
  return (/^\d{4}-/.test(day) ? day : '1970-01-01').replaceAll('-', '/');
}

/** `at` is the record's own timestamp, never the clock: a batch that is tried again must find its first try's name. */
export const bronzeName = ({ topic, partition, first, last }: OffsetRange, at: Date): string =>
  `${dayOf(at)}/${topic}-${partition}/${first}-${last}`;

export const spillName = (topic: string, partition: number, offset: bigint, at: Date): string =>
  `dead-letters/${dayOf(at)}/${topic}-${partition}/${offset}`;

/** Of other bytes than those that have the name: the topic was replaced, and the same offset is another message. */
export const namedByContent = (name: string, digest: string): string => `${name}~${digest.slice(0, 16)}`;

/** `20261121T101500123Z-<plan id>.csv` sorts by time; the plan id makes it the only one of its name. */
export const outgoingName = (planId: string, at: Date): string =>
  `${dayOf(at)}/${at.toISOString().replaceAll(/[-:.]/g, '')}-${planId}.csv`;

export const manifestName = (csvName: string): string => csvName.replace(/\.csv$/, '.manifest.json');

/** Segments of a stream follow one another without a hole; padded so that names sort as numbers do. */
export const segmentName = (stream: 'gold' | 'disagreements', number: number, planId: string): string =>
  `${stream === 'gold' ? 'segments' : 'disagreements'}/${String(number).padStart(8, '0')}-${planId}.jsonl`;

/** `manifest.json`, or the file of a format. */
export const releaseName = (release: number, file: string): string =>
  `releases/${String(release).padStart(6, '0')}/${file}`;

/** A label file with answers of a tool, as the tool shows them; `takenBackName` names the rows it takes back. */
export const answersName = (tool: string, id: string, at: Date): string =>
  `${dayOf(at)}/${tool}/${at.toISOString().replaceAll(/[-:.]/g, '')}-${id}.json`;

export const takenBackName = (answersPath: string): string => answersPath.replace(/\.json$/, '-taken-back.jsonl');
