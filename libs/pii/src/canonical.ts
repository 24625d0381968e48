import type { EntityType } from './entity.ts';
import { keyOfPerson } from './person-name.ts';

const byDigits: ReadonlySet<EntityType> = new Set(['CREDIT_CARD', 'PHONE_NUMBER', 'US_SSN', 'US_ITIN', 'UK_NHS']);
const byLettersAndDigits: ReadonlySet<EntityType> = new Set(['IBAN_CODE', 'UK_NINO', 'MAC_ADDRESS']);
const caseCounts: ReadonlySet<EntityType> = new Set(['CRYPTO', 'SECRET']);

/** What makes two ways of writing a value the same value, so that they share a number or a pseudonym. */
export function canonicalValue(type: EntityType, folded: string): string {
  if (byDigits.has(type)) return folded.replace(/\D/g, '');
  if (byLettersAndDigits.has(type)) return folded.replace(/[^a-z\d]/gi, '').toUpperCase();
  if (caseCounts.has(type)) return folded;
  if (type === 'PERSON') return keyOfPerson(folded);
  if (type === 'STREET_ADDRESS' || type === 'LOCATION')
    return folded
      .replace(/[\s,.]+/g, ' ')
      .trim()
      .toLowerCase();
  const lowered = folded.toLowerCase();
  return type === 'EMAIL_ADDRESS' && !lowered.includes('@') ? plainAddress(lowered) : lowered;
}

/** `john [at] example [dot] com` and `john%40example.com` as the address they mean. */
function plainAddress(spelled: string): string {
  const decoded = spelled
    .replace(/%40|&#64;|&#x40;|&commat;|\\u0040|\\x40|=40/, '@')
    .replace(/%2e|&#46;|&period;/g, '.');
  if (decoded.includes('@')) return decoded;
  const words = decoded.split(/[\s()[\]{}<>_]+/).filter((word) => word !== '');
  const at = words.indexOf('at');
  return words.map((word, i) => (i === at ? '@' : word === 'dot' ? '.' : word)).join('');
}
