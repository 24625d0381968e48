import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import { lanes } from '../contracts/lanes.ts';
import { letterFilter } from '../dead-letters/letter-filter.ts';
import { mappingOf } from '../dead-letters/letter-mapping.ts';
import { MAX_ATTEMPTS } from '../dead-letters/plan-replay.ts';
import { CONNECTION_USAGE, connectionOptions } from './config.ts';
import { exportLetters } from './dlq/export-letters.ts';
import { listLetters } from './dlq/list-letters.ts';
import { replay } from './dlq/replay.ts';
import { showLetters } from './dlq/show-letters.ts';
import type { Asked } from './dlq/asked.ts';

const services = Object.values(lanes).map(({ service }) => service);
const topicOf: ReadonlyMap<string, string> = new Map(
  Object.values(lanes).map(({ service, deadLetters }) => [service, deadLetters.name]),
);

const actions = { list: listLetters, show: showLetters, export: exportLetters, replay } as const;

export const verb = defineVerb({
  name: 'dlq',
  summary: 'list, show, export or replay dead letters',
  usage: `usage: assay dlq list [which] [options]
       assay dlq show [which] [--limit N] [--raw] [options]
       assay dlq export --out FILE [which] [--raw] [options]
       assay dlq replay [which] [--map CHANGE …] [--dry-run] [--again] [--max-attempts N] [options]

A replay sends the message of each letter to the topic it came from, as it was or changed by --map, and from there it goes the
way of any other. A letter is replayed once; a message that was refused ${MAX_ATTEMPTS} times stays. Look with --dry-run first.

which letters:
  --service NAMES   ${services.join(', ')} (default all)
  --topic TOPICS    other dead-letter topics instead: also letters of Kafka Connect (__connect.errors.*) and of Spring
                    (x-original-topic, kafka_dlt-original-topic)
  --reason TEXT     a code such as CONTRACT_VIOLATED, or a part of the reason
  --where COND …    NAME=VALUE, NAME!=VALUE, NAME~PART, NAME>=VALUE, NAME<=VALUE; NAME is code, reason, step, service,
                    topic, partition, offset, attempt, at, letter, key, header.NAME or value.PATH
what to change, in order:
  --map CHANGE …    PATH=VALUE (put), PATH:FROM=>TO (replace), PATH<-OTHER (move), !PATH (remove); values are JSON or text
  --again           also letters that were replayed before
  --max-attempts N  leave messages that were refused N times or more (default ${MAX_ATTEMPTS})
how it is shown:
  --raw             what messages say; without it only their shape, because letters of ingest are not masked
  --limit N         letters shown at most (default 20)
${CONNECTION_USAGE}`,
  options: {
    ...connectionOptions,
    service: { type: 'list' },
    topic: { type: 'list' },
    reason: { type: 'string' },
    where: { type: 'words' },
    map: { type: 'words' },
    out: { type: 'string' },
    limit: { type: 'string', default: '20' },
    'max-attempts': { type: 'string', default: String(MAX_ATTEMPTS) },
    'dry-run': { type: 'boolean' },
    again: { type: 'boolean' },
    raw: { type: 'boolean' },
  },
  words: { least: 1, most: 1, are: 'what to do, list, show, export or replay' },

  async run({ values, words: [action] }, terminal) {
    if (!Object.hasOwn(actions, action!))
      throw new UsageError(`the action is list, show, export or replay, not "${action}"`);
    if (values.map !== undefined && action !== 'replay') throw new UsageError('--map goes with replay');
    if (action === 'export' && values.out === undefined) throw new UsageError('export needs --out FILE');
    const asked: Asked = {
      topics: values.topic ?? topicsOf(values.service ?? services),
      filter: letterFilter(values.where ?? [], values.reason),
      mapping: mappingOf(values.map ?? []),
      maxAttempts: numberOf('max-attempts', values['max-attempts']),
      limit: numberOf('limit', values.limit),
      again: values.again,
      isDryRun: values['dry-run'],
      isRaw: values.raw,
      json: values.json,
      out: values.out,
      dataDir: values['data-dir'],
    };
    await actions[action as keyof typeof actions](asked, terminal);
    return exitCodes.done;
  },
});

function topicsOf(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const topic = topicOf.get(name);
    if (topic === undefined) throw new UsageError(`--service is one of ${services.join(', ')}, not "${name}"`);
    return topic;
  });
}

function numberOf(option: string, word: string): number {
  if (!/^[1-9]\d{0,8}$/.test(word)) throw new UsageError(`--${option} must be a number from 1 on`);
  return Number(word);
}
