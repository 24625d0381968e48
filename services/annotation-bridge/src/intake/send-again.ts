import { topics } from '@assay/shared/contracts/topics';
import { digestsOf, rememberSentAgain } from './label-files.sql.ts';
import { rowsBetween } from './contents.sql.ts';
import { type SendingParts, StoppedError } from './content-sending.ts';
import type { LabelContent, LabelEntry } from './domain/label-entry.ts';

/**
 * Kafka has lost rows of this content, and nobody knows which (assay reconcile --mend). Each goes out as it was: under the
 * generation it was sent in, so that the validator knows those it has.
 */
export async function sendAgain(
  { postgres, writer, reader }: SendingParts,
  content: LabelContent,
  bytes: Uint8Array,
  stopping: AbortSignal,
): Promise<void> {
  const digests = await digestsOf(postgres, content.path);
  await reader.read({ content, bytes }, async (entries) => {
    if (stopping.aborted) throw new StoppedError();
    if (entries.length === 0) return;
    const range = [entries[0]!.row, entries.at(-1)!.row] as const;
    const records = await rowsBetween(postgres, content.path, [content.generation], range);
    const sent = entries.flatMap((entry) => {
      const generation = records.get(entry.row)?.[0]?.generation ?? content.generation;
      return entry.kind === 'message' ? sentIn(entry, generation, digests.get(generation) ?? content.sha256) : [];
    });
    if (sent.length > 0) await writer.write(topics.labels, sent);
  });
  await rememberSentAgain(postgres, content.path);
}

function sentIn({ key, value }: Extract<LabelEntry, { kind: 'message' }>, generation: number, sha256: string) {
  const message = JSON.parse(value) as { readonly origin: object };
  return { key, value: JSON.stringify({ ...message, origin: { ...message.origin, generation, sha256 } }) };
}
