import { isObject, jsonOf, partAt, readWord } from './json-value.ts';
import { FilterError } from './letter-filter.ts';

export type Mapped =
  /** The bytes to send; the message's own where nothing was changed. */
  | { readonly kind: 'mapped'; readonly value: Buffer | null; readonly isChanged: boolean }
  | { readonly kind: 'unmappable'; readonly because: string };

/** Changes the value of a message before it is sent again. */
export type Mapping = (value: Buffer | null) => Mapped;

/** Answers whether it changed anything. */
type Change = (message: Record<string, unknown>) => boolean;

const PATH = String.raw`[^\s=:<>]+`;
const REPLACE = new RegExp(`^(?<path>${PATH}):(?<from>.+)=>(?<to>.*)$`, 's');
const MOVE = new RegExp(`^(?<path>${PATH})<-(?<from>${PATH})$`);
const PUT = new RegExp(`^(?<path>${PATH})=(?<to>.*)$`, 's');
const REMOVE = new RegExp(`^!(?<path>${PATH})$`);
const HOW = 'write PATH=VALUE (put), PATH:FROM=>TO (replace), PATH<-OTHER (move) or !PATH (remove)';

/** Names that reach into every object of the program. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export function mappingOf(changes: readonly string[]): Mapping {
  const all = changes.map(change);
  return (value) => {
    if (all.length === 0) return { kind: 'mapped', value, isChanged: false };
    const message = jsonOf(value);
    if (!isObject(message)) return { kind: 'unmappable', because: 'its value is no JSON object' };
    // A digit of an id would change in silence.
    if (hasLongNumber(value!.toString()))
      return { kind: 'unmappable', because: 'it holds a number of more digits than JSON keeps here' };
    const isChanged = all.map((one) => one(message)).some(Boolean);
    return { kind: 'mapped', value: isChanged ? Buffer.from(JSON.stringify(message)) : value, isChanged };
  };
}

function change(text: string): Change {
  const replace = REPLACE.exec(text)?.groups;
  if (replace !== undefined) return replacing(pathOf(replace['path']!, text), replace['from']!, replace['to']!);
  const move = MOVE.exec(text)?.groups;
  if (move !== undefined) return moving(pathOf(move['from']!, text), pathOf(move['path']!, text));
  const put = PUT.exec(text)?.groups;
  if (put !== undefined) return putting(pathOf(put['path']!, text), readWord(put['to']!));
  const remove = REMOVE.exec(text)?.groups;
  if (remove !== undefined) return removing(pathOf(remove['path']!, text));
  throw new FilterError(`"${text}" is no change: ${HOW}`);
}

function pathOf(path: string, text: string): readonly string[] {
  const names = path.split('.');
  if (names.some((name) => name === '' || FORBIDDEN.has(name)))
    throw new FilterError(`"${text}" names no place: a path is names with dots between`);
  return names;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const putting =
  (path: readonly string[], to: unknown): Change =>
  (message) => {
    const at = partAt(message, path);
    return (at === undefined || !same(at, to)) && put(message, path, to);
  };

const replacing =
  (path: readonly string[], from: string, to: string): Change =>
  (message) => {
    const at = partAt(message, path);
    return (at === from || (at !== undefined && same(at, readWord(from)))) && put(message, path, readWord(to));
  };

const moving =
  (from: readonly string[], to: readonly string[]): Change =>
  (message) => {
    const at = partAt(message, from);
    return at !== undefined && put(message, to, at) && removing(from)(message);
  };

const removing =
  (path: readonly string[]): Change =>
  (message) => {
    const parent = partAt(message, path.slice(0, -1));
    const last = path.at(-1)!;
    return isObject(parent) && Object.hasOwn(parent, last) && delete parent[last];
  };

/** Makes the objects on the way that are not there; false where something else stands in it. */
function put(message: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  let parent: unknown = message;
  for (const name of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return false;
    const holder = parent as Record<string, unknown>;
    if (!Object.hasOwn(holder, name)) holder[name] = {};
    parent = holder[name];
  }
  if (typeof parent !== 'object' || parent === null) return false;
  (parent as Record<string, unknown>)[path.at(-1)!] = value;
  return true;
}

const STRINGS = /"(?:[^"\\]|\\.)*"/gs;
const NUMBERS = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const SAFE_DIGITS = 15;

/** More digits than a double keeps for sure. */
const hasLongNumber = (text: string): boolean =>
  Array.from(text.replaceAll(STRINGS, '""').matchAll(NUMBERS), ([number]) => number).some(
    (number) =>
      number
        .replace(/[eE].*$/, '')
        .replaceAll(/\D/g, '')
        .replace(/^0+/, '').length > SAFE_DIGITS,
  );
