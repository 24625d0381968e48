import { rank, type EntityType } from '../entity.ts';
import { isDigit, isLetter } from '../scan/char-class.ts';
import type { Findings } from '../scan/findings.ts';
import type { Gap } from '../scan/gap.ts';
import { NAME_FLAGS, wordOf } from './lexicon.ts';
import type { Phrase } from './phrase.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

const personal =
  words(`name fullname firstname lastname surname forename givenname familyname first last full given family middle
  display customer client user contact requester reporter agent assignee author sender recipient billing shipping account holder
  cardholder owner submitter patient caller employee person nom prenom nombre apellido apellidos nome cognome vorname nachname
  naam voornaam achternaam imie nazwisko kunde cliente klant klient`);
const people =
  words(`requester reporter assignee author submitter sender recipient cardholder fullname firstname lastname surname
  forename nachname vorname apellido apellidos cognome achternaam voornaam nazwisko prenom`);
const namings = words('name nom nombre nome naam imie holder');
const streets =
  words(`address address1 address2 street line1 line2 addressline streetaddress adresse anschrift strasse direccion
  domicilio indirizzo endereco adres adresline rue calle`);
const places = words('city town municipality stadt ville ciudad citta cidade stad miasto ort locality');
const codes = words('zip zipcode postcode postalcode plz postal codepostal cap cep');
const machines = words('ip mac mail email e web url host wallet btc eth crypto server file bucket node queue memory');

/** Tickets of one source have the same few fields, and a name costs as much as the text of a ticket to take apart. */
const known = new Map<string, EntityType | undefined>();
const MOST_KNOWN = 1000;

/** What kind of value a field holds by its name: `requester.name`, `customer_name`, `billingAddress`, `zip`. */
export function typeOfField(name: string | undefined): EntityType | undefined {
  if (name === undefined) return undefined;
  if (known.has(name)) return known.get(name);
  const type = typeByWords(name);
  // Whoever sends ever new names must not fill the memory.
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, type);
  return type;
}

function typeByWords(name: string): EntityType | undefined {
  const spelled = name
    .normalize('NFD')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  const parts = spelled.match(/[\p{Ll}\d]+/gu) ?? [];
  const last = parts.at(-1) ?? '';
  if (parts.some((part) => machines.has(part))) return undefined;
  if (people.has(last)) return 'PERSON';
  if (namings.has(last)) return parts.every((part) => personal.has(part)) ? 'PERSON' : undefined;
  if (streets.has(last) || (/^(line)?\d$/.test(last) && streets.has(parts.at(-2) ?? ''))) return 'STREET_ADDRESS';
  if (codes.has(last) || (last === 'code' && codes.has(parts.at(-2) ?? ''))) return 'ZIP_CODE';
  return places.has(last) ? 'LOCATION' : undefined;
}

const LONGEST = 160;

/** Takes the whole value of a field, unless it is no name ("unknown", "support team") or holds something else. */
export function readField(gap: Gap, type: EntityType, phrase: Phrase, findings: Findings): void {
  if (!gap.isWholeText || gap.hi - gap.lo > LONGEST) return;
  let start = gap.lo;
  let end = gap.hi;
  while (start < end && !isLetter(gap.at(start)) && !isDigit(gap.at(start))) start++;
  while (end > start && !isLetter(gap.at(end - 1)) && !isDigit(gap.at(end - 1))) end--;
  if (start === end) return;
  if (type === 'PERSON' && !mayBePerson(gap, start, end, phrase)) return;
  if (type === 'ZIP_CODE' && end - start > 12) return;
  findings.add(start, end, type, rank.NAMES);
  gap.passOver(end, type);
}

function mayBePerson(gap: Gap, start: number, end: number, phrase: Phrase): boolean {
  for (let i = start; i < end; i++) if (isDigit(gap.at(i)) || gap.at(i) === 47 || gap.at(i) === 95) return false;
  phrase.open(start);
  let count = 0;
  let isPlain = true;
  for (; phrase.has(count); count++) {
    const flags = phrase.flagsAt(count);
    if (wordOf(flags) === 0 || (flags & NAME_FLAGS) !== 0) isPlain = false;
  }
  return count <= 6 && !isPlain;
}
