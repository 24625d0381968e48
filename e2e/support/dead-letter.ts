import { headers as names } from '@assay/shared/contracts/headers';
import type { KafkaMessage } from 'kafkajs';

/** A dead letter as an operator reads it. */
export interface DeadLetter {
  readonly code: string;
  readonly reason: string;
  readonly step: string;
  /** Topic, partition and offset of the refused message: what a dead letter is counted by. */
  readonly source: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The headers of the refused message, without ours. */
  readonly original: Readonly<Record<string, string>>;
  readonly spilledTo: string | undefined;
  readonly attempt: string;
}

export function readDeadLetter({ key, value, headers = {} }: KafkaMessage): DeadLetter {
  const all = Object.entries(headers).map(([name, content]) => [name, String(content)] as const);
  const texts = Object.fromEntries(all);
  const text = (name: string) => texts[name] ?? '';
  const { deadLetter: ours } = names;
  return {
    code: text(ours.code),
    reason: text(ours.reason),
    step: text(ours.step),
    source: [ours.sourceTopic, ours.sourcePartition, ours.sourceOffset].map(text).join('/'),
    key,
    value,
    original: Object.fromEntries(all.filter(([name]) => !name.startsWith('dlq-'))),
    spilledTo: texts[ours.spilledTo],
    attempt: text(ours.attempt),
  };
}
