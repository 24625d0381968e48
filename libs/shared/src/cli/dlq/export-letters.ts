import { open } from 'node:fs/promises';
import { InputError, type Terminal } from '@assay/cli/verb';
import { messageOf } from '../../errors/pipeline-error.ts';
import { viewOf } from '../../dead-letters/letter-view.ts';
import { eachLetter } from '../../dead-letters/replay-letters.ts';
import type { Asked } from './asked.ts';
import { withKafka } from './with-kafka.ts';

/** For nobody but its owner: with --raw it holds what ingest has not masked. */
const OWNER_ONLY = 0o600;

/** All letters as one line of JSON each, in a file that was not there. */
export async function exportLetters(
  { topics, filter, isRaw, out, dataDir }: Asked,
  { stdout }: Terminal,
): Promise<void> {
  const file = await open(out!, 'wx', OWNER_ONLY).catch((error: unknown) => {
    throw new InputError(`--out ${out}: ${messageOf(error)}; name a file that is not there yet`);
  });
  let written = 0;
  try {
    await withKafka(dataDir, (kafka) =>
      eachLetter(kafka.scan, topics, async (letters) => {
        const lines = letters.filter(filter).map((letter) => `${JSON.stringify(viewOf(letter, isRaw))}\n`);
        written += lines.length;
        await file.write(lines.join(''));
      }),
    );
  } finally {
    await file.close();
  }
  stdout.write(`${written} letters in ${out}.\n`);
}
