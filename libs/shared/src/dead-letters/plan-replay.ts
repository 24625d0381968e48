import { headers } from '../contracts/headers.ts';
import { lanes } from '../contracts/lanes.ts';
import type { TopicContract } from '../contracts/topics.ts';
import { sizeOf } from '../pipeline/dead-letters.ts';
import type { OutgoingMessage } from '../pipeline/topic-writer.ts';
import type { Letter } from './letter.ts';
import type { LetterFilter } from './letter-filter.ts';
import type { Mapping } from './letter-mapping.ts';

export interface ReplaySettings {
  readonly filter: LetterFilter;
  readonly mapping: Mapping;
  /** Also those that were replayed before. */
  readonly again: boolean;
  /** A message that was refused this often stays where it is. */
  readonly maxAttempts: number;
}

export const MAX_ATTEMPTS = 5;

/** Why a letter that was meant stays where it is. */
export type LeftBehind =
  | 'no lane reads the topic it came from'
  | 'it was replayed before'
  | 'it was refused too often'
  | 'its message is in a blob'
  | 'it is larger than its topic takes'
  | 'the mapping does not fit it';

export interface Replay {
  readonly letter: Letter;
  readonly topic: TopicContract;
  readonly message: OutgoingMessage;
  readonly isMapped: boolean;
}

export type Planned =
  | { readonly kind: 'replay'; readonly replay: Replay }
  | { readonly kind: 'left'; readonly because: LeftBehind };

const laneTopics: ReadonlyMap<string, TopicContract> = new Map(
  Object.values(lanes).map(({ topic }) => [topic.name, topic]),
);

/**
 * What becomes of a letter: its message as it was, mapped if that was asked for, on the topic it came from. From there it goes
 * the way of any other message. It cannot go in a circle: it carries how often it was refused, and a letter is replayed once
 * unless somebody asks for more.
 */
export function planReplay(letter: Letter, { mapping, maxAttempts }: ReplaySettings): Planned {
  const topic = laneTopics.get(letter.source.topic);
  if (topic === undefined) return left('no lane reads the topic it came from');
  if (letter.attempt >= maxAttempts) return left('it was refused too often');
  if (letter.spilledTo !== null) return left('its message is in a blob');
  const mapped = mapping(letter.value);
  if (mapped.kind === 'unmappable') return left('the mapping does not fit it');
  const message: OutgoingMessage = {
    key: letter.key,
    value: mapped.value,
    headers: {
      ...letter.headers,
      [headers.deadLetter.attempt]: String(letter.attempt),
      [headers.replay.of]: letter.at,
    },
  };
  if (sizeOf(message) > topic.maxMessageBytes) return left('it is larger than its topic takes');
  return { kind: 'replay', replay: { letter, topic, message, isMapped: mapped.isChanged } };
}

const left = (because: LeftBehind): Planned => ({ kind: 'left', because });
