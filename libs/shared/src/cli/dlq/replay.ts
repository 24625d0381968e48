import type { Terminal } from '@assay/cli/verb';
import { roles } from '../../contracts/roles.ts';
import { viewOfReplay } from '../../dead-letters/letter-view.ts';
import type { Replay } from '../../dead-letters/plan-replay.ts';
import { createReplayBook } from '../../dead-letters/replay-book.ts';
import { replayLetters, type ReplayReport } from '../../dead-letters/replay-letters.ts';
import { withDatabase } from '../with-database.ts';
import type { Asked } from './asked.ts';
import { withKafka } from './with-kafka.ts';

export async function replay(asked: Asked, { stdout }: Terminal): Promise<void> {
  const { topics, isDryRun, isRaw, json, limit, dataDir } = asked;
  const shown: object[] = [];
  const preview = (one: Replay) => {
    if (shown.length < limit) shown.push(viewOfReplay(one, isRaw));
  };
  const report = await withDatabase(dataDir, roles.console, (postgres) =>
    withKafka(dataDir, (kafka) =>
      replayLetters(
        { scan: kafka.scan, book: createReplayBook(postgres), writer: kafka.writer },
        topics,
        asked,
        isDryRun ? preview : undefined,
      ),
    ),
  );
  if (json) return void stdout.write(`${JSON.stringify({ ...report, ...(isDryRun ? { preview: shown } : {}) })}\n`);
  for (const one of shown) stdout.write(`${JSON.stringify(one, null, 2)}\n`);
  stdout.write(summaryOf(report, isDryRun));
}

function summaryOf({ letters, meant, replayed, mapped, left, unknown }: ReplayReport, isDryRun: boolean): string {
  const lines = [
    `${letters} letters, ${meant} of them meant, ${replayed} ${isDryRun ? 'would be ' : ''}replayed (${mapped} changed by the mapping).`,
    ...Object.entries(left).map(([because, count]) => `${count} stay: ${because}.`),
    ...(unknown > 0 ? [`${unknown} messages do not say where they came from.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
