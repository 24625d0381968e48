import { lower } from '../scan/char-class.ts';
import { foldUnit } from '../scan/fold.ts';

/** What a word near a number says about it. The order is the index into a `Context`. */
export const topics = [
  'phone',
  'generic',
  'identifier',
  'label',
  'card',
  'ssn',
  'itin',
  'nhs',
  'ip',
  'mac',
  'version',
  'mail',
] as const;
export type Topic = (typeof topics)[number];

const wordsOf: Readonly<Record<Topic, string>> = {
  phone: `phone phones telephone telephones tel tele ph fon tlf telefon telefono teléfono téléphone telefone telefoon telefonnummer
    telefonu puhelin puh phonenumber phoneno mobilenumber telephonenumber telno phonenr mobile mobiles mob cell cellphone cellular
    handy mobil mobilnummer móvil movil celular portable gsm fax faxes telefax call calls called calling caller dial
    dialed dialled ring rang reach reached answering answer voicemail hotline helpline landline sms whatsapp wa viber
    signal messages texting pager ext extension desk office anrufen ruf rufnummer rückruf appeler appelez llamar llame
    ligar rappeler numéro callback switchboard телефон тел мобильный`,
  generic: `number numbers num no nr nummer numero número numer registered contact contacts text home work`,
  identifier: `order orders ticket tickets case cases ref reference references transaction txn account acct member
    membership customer client user id ids uid claim policy contract request record record row rows issue bug konto
    kundennummer bestellung bestellnummer commande pedido auftrag vorgang amount total price usd eur gbp chf dollars euros
    sum paid balance salary year years zip zipcode postcode plz postal error code codes status line lines port page
    date born dob size bytes rate count booking reservation flight iban blz sort routing passport license licence ein`,
  label: `invoice tracking sku part serial isbn ean upc gtin imei model commit hash build product article batch lot item
    po uuid guid trace version release rechnung rechnungsnummer facture factura parcel shipment sendung isbn13 isbn10
    issn asin doi`,
  card: `card cards creditcard cardnumber credit debit visa mastercard amex americanexpress maestro discover diners jcb
    pan cc ccnum kreditkarte karte kartennummer carte tarjeta cartão carta`,
  ssn: `ssn ssns socialsecurity social ss sozialversicherungsnummer`,
  itin: `itin itins tax taxpayer tin taxid`,
  nhs: `nhs patient patients hospital gp surgery`,
  ip: `ip ips ipv4 ipv6 ipaddress ip4 ip6 host hosts address addr server client src dst source gateway dns ping subnet
    network route localhost peer remote connect connecting connected login prefix`,
  mac: `mac macaddress hardware ethernet physical bssid wifi`,
  version: `version versions ver v release released build firmware driver upgrade upgraded update updated chapter section
    sec figure oid`,
  mail: `mail email emails mails mailto address contact reach write e`,
};

export const NO_TOPICS = 0;

/** The topics of a word, by the hash of its letters read backwards (as a look-back meets them). */
export const topicsOf = (hash: number): number => table.get(hash) ?? NO_TOPICS;

export const hashStart = 0x811c9dc5;
export const hashNext = (hash: number, code: number): number => Math.imul(hash ^ lower(code), 0x01000193) | 0;

export const topicBit = (topic: Topic): number => 1 << topics.indexOf(topic);

function buildTable(): ReadonlyMap<number, number> {
  const hashes = new Map<number, number>();
  const spelled = new Map<number, string>();
  for (const topic of topics) {
    for (const word of wordsOf[topic].split(/\s+/)) {
      let hash = hashStart;
      for (let i = word.length - 1; i >= 0; i--) hash = hashNext(hash, foldUnit(word.charCodeAt(i)));
      if ((spelled.get(hash) ?? word) !== word) throw new Error(`the words ${word} and ${spelled.get(hash)} collide`);
      spelled.set(hash, word);
      hashes.set(hash, (hashes.get(hash) ?? 0) | topicBit(topic));
    }
  }
  return hashes;
}

const table = buildTable();
