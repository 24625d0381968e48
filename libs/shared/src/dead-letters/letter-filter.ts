import { headerText } from '../pipeline/record.ts';
import { jsonOf, partAt, readWord } from './json-value.ts';
import type { Letter } from './letter.ts';

/** Which letters are meant. */
export type LetterFilter = (letter: Letter) => boolean;

/** What people wrote cannot be understood. The message says how it is written. */
export class FilterError extends Error {
  override readonly name = 'UsageError';
}

const told = {
  code: ({ code }) => code,
  reason: ({ reason }) => reason,
  step: ({ step }) => step,
  service: ({ service }) => service,
  topic: ({ source }) => source.topic,
  partition: ({ source }) => source.partition,
  offset: ({ source }) => source.offset,
  attempt: ({ attempt }) => String(attempt),
  at: ({ refusedAt }) => refusedAt,
  letter: ({ at }) => at,
  key: ({ key }) => key?.toString() ?? '',
} satisfies Record<string, (letter: Letter) => string>;

const CONDITION = /^(?<name>[^=~!<>]+?)\s*(?<operator>!=|=|~|>=|<=)\s*(?<wanted>.*)$/su;
const HOW = `write NAME=VALUE, NAME!=VALUE, NAME~PART, NAME>=VALUE or NAME<=VALUE; NAME is ${Object.keys(told).join(', ')}, header.NAME or value.PATH`;

/** All conditions must hold; `reason` is a code, or a part of what was said. */
export function letterFilter(conditions: readonly string[], reason?: string): LetterFilter {
  const all = conditions.map(condition);
  if (reason !== undefined) all.push((letter) => letter.code === reason || letter.reason.includes(reason));
  return (letter) => all.every((holds) => holds(letter));
}

function condition(text: string): LetterFilter {
  const { name, operator, wanted } = CONDITION.exec(text)?.groups ?? {};
  if (name === undefined || wanted === undefined) throw new FilterError(`"${text}" is no condition: ${HOW}`);
  const read = reader(name, text);
  const value = readWord(wanted);
  switch (operator) {
    case '=':
      return (letter) => isSame(read(letter), value, wanted);
    case '!=':
      return (letter) => !isSame(read(letter), value, wanted);
    case '~':
      return (letter) => asText(read(letter)).includes(wanted);
    case '>=':
      return (letter) => compare(read(letter), wanted) >= 0;
    default:
      return (letter) => compare(read(letter), wanted) <= 0;
  }
}

function reader(name: string, text: string): (letter: Letter) => unknown {
  if (Object.hasOwn(told, name)) return told[name as keyof typeof told];
  const [kind, ...path] = name.split('.');
  if (kind === 'header' && path.length > 0) return ({ headers }) => headerText(headers, path.join('.'));
  if (kind === 'value' && path.length > 0) return ({ value }) => partAt(jsonOf(value), path);
  throw new FilterError(`"${text}" names nothing of a letter: ${HOW}`);
}

const asText = (part: unknown): string => (typeof part === 'string' ? part : (JSON.stringify(part) ?? ''));

/** `priority=5` finds the number and the text. */
const isSame = (part: unknown, value: unknown, word: string): boolean =>
  part !== undefined && (JSON.stringify(part) === JSON.stringify(value) || part === word);

/** Numbers as numbers, everything else, times too, as text. */
function compare(part: unknown, wanted: string): number {
  const [a, b] = [Number(part), Number(wanted)];
  if (part === undefined || part === null || part === '') return Number.NaN;
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const text = asText(part);
  return text === wanted ? 0 : text < wanted ? -1 : 1;
}
