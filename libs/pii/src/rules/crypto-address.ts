import { hash } from 'node:crypto';

/** Base58Check with a 20-byte hash (Bitcoin, Litecoin, Dogecoin, Tron …) or, longer, a wallet's private key. */
export function base58Kind(token: string): 'address' | 'key' | undefined {
  if (token.length < 26 || token.length > 52 || (token.length > 36 && token.length < 51)) return undefined;
  if (!BASE58_ONLY.test(token)) return undefined;
  const bytes = decodeBase58(token);
  if (bytes.length < 25) return undefined;
  const payload = bytes.subarray(0, -4);
  const digest = sha256(sha256(payload));
  for (let i = 0; i < 4; i++) if (digest[i] !== bytes[payload.length + i]) return undefined;
  if (payload.length === 21) return 'address';
  return payload.length === 33 || payload.length === 34 ? 'key' : undefined;
}

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Asked before a token is decoded, which takes a thousand steps: most long tokens in tickets are hexadecimal and hold a 0. */
const BASE58_ONLY = /^[1-9A-HJ-NP-Za-km-z]+$/;
const base58Values = new Uint8Array(128);
for (const [value, char] of Array.from(base58).entries()) base58Values[char.charCodeAt(0)] = value;

function decodeBase58(token: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < token.length; at++) {
    let carry = base58Values[token.charCodeAt(at)] as number;
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] as number) * 58;
      bytes[i] = carry & 255;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 255);
  }
  for (let i = 0; token[i] === '1'; i++) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const bech32Values = new Map(Array.from(bech32, (char, value) => [char, value]));
const bech32Prefixes = ['bc', 'tb', 'bcrt', 'ltc', 'tltc'];
const BECH32_BEGINNING = /^(?:bc|tb|t?ltc)/i;
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Segregated witness addresses, with the check of BIP 173 or BIP 350. */
export function isBech32(token: string): boolean {
  if (!BECH32_BEGINNING.test(token)) return false;
  const text = token.toLowerCase();
  const split = text.lastIndexOf('1');
  const prefix = text.slice(0, split);
  if (text.length > 90 || text.length - split < 9 || !bech32Prefixes.includes(prefix)) return false;
  if (token !== text && token !== token.toUpperCase()) return false;
  const values = Array.from(prefix, (char) => char.charCodeAt(0) >> 5).concat(0);
  for (const char of prefix) values.push(char.charCodeAt(0) & 31);
  for (const char of text.slice(split + 1)) {
    const value = bech32Values.get(char);
    if (value === undefined) return false;
    values.push(value);
  }
  const check = polymod(values);
  return check === 1 || check === 0x2bc830a3;
}

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >>> i) & 1) check ^= generators[i] as number;
  }
  return check >>> 0;
}

export const isEthereum = (token: string): boolean => /^0x[\da-f]{40}$/i.test(token);
