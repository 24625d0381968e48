import { type Letter, readLetter } from './letter.ts';
import { type LeftBehind, planReplay, type Replay, type ReplaySettings } from './plan-replay.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import type { TopicWriter } from '../pipeline/topic-writer.ts';
import type { ReplayBook } from './replay-book.ts';

/** Goes once through what a topic holds now, some messages at a time; false when there is no such topic. */
export type ScanTopic = (
  topic: string,
  onRecords: (records: readonly SourceRecord[]) => Promise<void>,
) => Promise<boolean>;

export interface ReplayParts {
  readonly scan: ScanTopic;
  readonly book: ReplayBook;
  readonly writer: TopicWriter;
}

export interface ReplayReport {
  /** Letters in the topics, repeats about the same message once. */
  letters: number;
  /** Of them, those that were meant. */
  meant: number;
  /** Of them, those that were sent, or would be. */
  replayed: number;
  mapped: number;
  readonly left: Partial<Record<LeftBehind, number>>;
  /** Messages that are no letter, or of a style that is not known. */
  unknown: number;
}

/** A crash repeats the letters of a batch, not those of long ago. */
const REPEATS_WITHIN = 100_000;

/** Looks at every letter of some topics. One that is not there yet has none, but not all may be missing: that is a mistake. */
export async function eachLetter(
  scan: ScanTopic,
  topics: readonly string[],
  onLetters: (letters: readonly Letter[], unknown: number) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  let found = 0;
  for (const topic of topics) {
    const isThere = await scan(topic, async (records) => {
      const read = records.map(readLetter);
      const fresh = read.flatMap((letter) => {
        if (letter === null || seen.has(letter.id)) return [];
        if (seen.size === REPEATS_WITHIN) seen.clear();
        seen.add(letter.id);
        return letter;
      });
      await onLetters(fresh, read.filter((letter) => letter === null).length);
    });
    if (isThere) found++;
  }
  if (found === 0) throw new PipelineError('CONFIG_INVALID', `there is no topic ${topics.join(' and no ')}`);
}

/**
 * Sends the messages of the letters that are meant to the topics they came from. Booked before it is sent and confirmed after:
 * one that was booked and never confirmed is sent again by the next replay, and counts once where it arrives. With `preview`
 * nothing is booked or sent.
 */
export async function replayLetters(
  { scan, book, writer }: ReplayParts,
  topics: readonly string[],
  settings: ReplaySettings,
  preview?: (replay: Replay) => void,
): Promise<ReplayReport> {
  const report: ReplayReport = { letters: 0, meant: 0, replayed: 0, mapped: 0, left: {}, unknown: 0 };
  const leave = (because: LeftBehind, count = 1) => {
    if (count > 0) report.left[because] = (report.left[because] ?? 0) + count;
  };
  await eachLetter(scan, topics, async (letters, unknown) => {
    const meant = letters.filter(settings.filter);
    report.letters += letters.length;
    report.unknown += unknown;
    report.meant += meant.length;
    const replays: Replay[] = [];
    for (const letter of meant) {
      const planned = planReplay(letter, settings);
      if (planned.kind === 'left') leave(planned.because);
      else replays.push(planned.replay);
    }
    const fresh = await book.freshOf(replays, settings.again);
    leave('it was replayed before', replays.length - fresh.length);
    const sent = preview === undefined ? await send({ book, writer }, fresh, settings.again) : fresh;
    if (preview !== undefined) for (const replay of fresh) preview(replay);
    leave('it was replayed before', fresh.length - sent.length); // by somebody else, a moment ago
    report.replayed += sent.length;
    report.mapped += sent.filter(({ isMapped }) => isMapped).length;
  });
  return report;
}

async function send(
  { book, writer }: Omit<ReplayParts, 'scan'>,
  replays: readonly Replay[],
  again: boolean,
): Promise<readonly Replay[]> {
  const ours = await book.begin(replays, again);
  for (const [topic, those] of Map.groupBy(ours, (replay) => replay.topic)) {
    await writer.write(
      topic,
      those.map(({ message }) => message),
    );
  }
  await book.confirm(ours);
  return ours;
}
