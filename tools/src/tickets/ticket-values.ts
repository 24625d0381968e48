import { createHash } from 'node:crypto';

/** Seeded chance: the same seed gives the same tickets on every machine (mulberry32, integer arithmetic only). */
export interface Chance {
  next(): number;
  below(limit: number): number;
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  sample<T>(list: readonly T[], count: number): T[];
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return {
    next,
    below,
    pick,
    between: (from, to) => from + below(to - from),
    sample: (list, count) => {
      const rest = [...list];
      return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(below(rest.length), 1)[0] as never);
    },
  };
}

const digits = (chance: Chance, count: number): string =>
  Array.from({ length: count }, () => chance.below(10)).join('');
const padded = (value: number, width: number): string => String(value).padStart(width, '0');
const hex = (chance: Chance, count: number): string =>
  Array.from({ length: count }, () => chance.below(16).toString(16)).join('');
const inFours = (value: string, separator: string): string => (value.match(/.{1,4}/g) ?? []).join(separator);

export function makeCard(chance: Chance): string {
  const body = `4${digits(chance, 14)}`;
  const sum = body
    .split('')
    .toReversed()
    .reduce((total, char, i) => {
      const digit = i % 2 === 0 ? Number(char) * 2 : Number(char);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
  return inFours(`${body}${(10 - (sum % 10)) % 10}`, chance.pick([' ', '-', '']));
}

export function makeIban(chance: Chance): string {
  const account = digits(chance, 18);
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return inFours(`DE${String(check).padStart(2, '0')}${account}`, chance.pick(['', ' ']));
}

export function makePhone(chance: Chance): string {
  const [area, exchange, line] = [chance.between(201, 989), chance.between(200, 999), padded(chance.below(9999), 4)];
  return chance.pick([
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `+49 ${area} ${exchange}${line}`,
  ]);
}

export const makeIpv4 = (chance: Chance): string => Array.from({ length: 4 }, () => chance.between(1, 255)).join('.');

export const makeIpv6 = (chance: Chance): string => `2001:db8:${hex(chance, 4)}::${hex(chance, 3)}:${hex(chance, 4)}`;

export const makeMac = (chance: Chance): string => Array.from({ length: 6 }, () => hex(chance, 2)).join(':');

export const makeSsn = (chance: Chance): string =>
  `${padded(chance.between(100, 665), 3)}-${padded(chance.between(1, 99), 2)}-${padded(chance.between(1, 9999), 4)}`;

export const makeItin = (chance: Chance): string =>
  `9${digits(chance, 2)}-${chance.between(70, 88)}-${padded(chance.between(1, 9999), 4)}`;

export const makeNino = (chance: Chance): string =>
  `${chance.pick(['AB', 'CE', 'JG', 'PR', 'SY'])} ${inPairs(digits(chance, 6))} ${chance.pick(['A', 'B', 'C', 'D'])}`;

const inPairs = (value: string): string => (value.match(/.{2}/g) ?? []).join(' ');

export function makeNhs(chance: Chance): string {
  for (;;) {
    const body = `4${digits(chance, 8)}`;
    const sum = body.split('').reduce((total, char, i) => total + Number(char) * (10 - i), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) return `${body.slice(0, 3)} ${body.slice(3, 6)} ${body.slice(6)}${check}`;
  }
}

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export function makeBitcoinAddress(chance: Chance): string {
  const payload = Buffer.from(`00${hex(chance, 40)}`, 'hex');
  const once = createHash('sha256').update(payload).digest();
  const bytes = Buffer.concat([payload, createHash('sha256').update(once).digest().subarray(0, 4)]);
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let out = '';
  for (; rest > 0n; rest /= 58n) out = `${base58[Number(rest % 58n)]}${out}`;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + out;
}

export const makeSecret = (chance: Chance): string =>
  chance.pick([
    `ghp_${Array.from({ length: 36 }, () => chance.pick(base58.split(''))).join('')}`,
    `AKIA${Array.from({ length: 16 }, () => chance.pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.split(''))).join('')}`,
  ]);
