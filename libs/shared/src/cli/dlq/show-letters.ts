import type { Terminal } from '@assay/cli/verb';
import { viewOf } from '../../dead-letters/letter-view.ts';
import { eachLetter } from '../../dead-letters/replay-letters.ts';
import type { Asked } from './asked.ts';
import { withKafka } from './with-kafka.ts';

/** One JSON text for each letter. */
export async function showLetters(
  { topics, filter, limit, isRaw, json, dataDir }: Asked,
  { stdout, stderr }: Terminal,
): Promise<void> {
  let shown = 0;
  let meant = 0;
  await withKafka(dataDir, (kafka) =>
    eachLetter(kafka.scan, topics, async (letters) => {
      for (const letter of letters.filter(filter)) {
        meant++;
        if (shown === limit) continue;
        shown++;
        stdout.write(`${JSON.stringify(viewOf(letter, isRaw), null, json ? 0 : 2)}\n`);
      }
    }),
  );
  stderr.write(`${shown} of ${meant} letters shown.\n`);
}
