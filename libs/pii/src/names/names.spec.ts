import { describe, expect, it } from 'vitest';
import { createMasker } from '../masker.ts';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('people', () => {
  it.each<MaskedCase>([
    ['introduced in English', 'Hi, my name is John Smith.', 'Hi, my name is <PERSON_1>.'],
    ['in German', 'mein Name ist Jürgen Wächter', 'mein Name ist <PERSON_1>'],
    ['in French', "je m'appelle Camille Lefèvre et", "je m'appelle <PERSON_1> et"],
    ['in Spanish', 'Hola, me llamo Lucía Fernández y', 'Hola, me llamo <PERSON_1> y'],
    ['in Portuguese', 'meu nome é João Pereira e', 'meu nome é <PERSON_1> e'],
    ['in Italian', 'mi chiamo Giulia Rossi e', 'mi chiamo <PERSON_1> e'],
    ['in Dutch', 'mijn naam is Sanne de Vries en', 'mijn naam is <PERSON_1> en'],
    ['in Polish', 'nazywam się Agnieszka Wójcik i', 'nazywam się <PERSON_1> i'],
    ['in Russian', 'Меня зовут Иван Петров, я', 'Меня зовут <PERSON_1>, я'],
    ['in Greek', 'με λένε Γιώργος Παπαδόπουλος', 'με λένε <PERSON_1>'],
    ['without capitals in the script', 'Name: 山田太郎\nOrder 5', 'Name: <PERSON_1>\nOrder 5'],
    ['greeted', 'Sehr geehrter Herr Müller, danke', 'Sehr geehrter <PERSON_1>, danke'],
    ['greeted by a word', 'Hi Will, thanks', 'Hi <PERSON_1>, thanks'],
    ['signed', 'Not arrived.\n\nKind regards,\nMaria-José van der Berg', 'Not arrived.\n\nKind regards,\n<PERSON_1>'],
    ['with a title', 'Please call Dr. A. Weber.', 'Please call <PERSON_1>.'],
    ['dealt with', 'I spoke with Marcus yesterday', 'I spoke with <PERSON_1> yesterday'],
    ['of an unknown name', 'my colleague Zbrntka Khadzhiyev left', 'my colleague <PERSON_1> left'],
    ['in a list', 'Ask Anna, Thomas and Priya.', 'Ask <PERSON_1>, <PERSON_2> and <PERSON_3>.'],
    ['of a word after a given name', 'written by Tami Want last year', 'written by <PERSON_1> last year'],
    ['of a month', 'asked May Johnson to', 'asked <PERSON_1> to'],
    ['before an address', 'From: "Karl Lind" <k@lind.se>', 'From: "<PERSON_1>" <<EMAIL_1>>'],
    ['in a text without capitals', 'hi, my name is lena andersson.', 'hi, my name is <PERSON_1>.'],
    ['with an apostrophe', "D'Angelo told O'Brien's wife", "<PERSON_1> told <PERSON_2>'s wife"],
  ])('masks a name %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['words that are names', 'Will you help me? May I ask? Mark this as done. The Grant was approved in May.'],
    ['titles of windows', 'Reset My Password Please. Credit Card Declined. Order Status Unknown.'],
    ['products', 'We use Salesforce, Kubernetes, Grafana and Figma. iPhone 15 Pro Max, Google Drive, Prime Video.'],
    ['German nouns', 'Der Kunde möchte die Rechnung. Unsere Firma hat den Vertrag mit Telekom gekündigt.'],
    ['companies', 'Johnson Bank and Miller GmbH sent it.'],
    ['nobody', 'Dear Customer Service, Dear Sir or Madam, Hello Support Team, Hi All,'],
    ['a sentence after a greeting', 'Hello, Call me back. Thanks, Apple Pay fails.'],
    ['currencies', 'How do I exchange my GBP to AUD?'],
    ['parts of paths', 'see /home/Martin/x and github.com/Martin/repo'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});

describe('streets', () => {
  it.each<MaskedCase>([
    ['with all that follows', 'Ship to 742 Evergreen Terrace, Springfield, IL 62704. Bye', 'Ship to <ADDRESS_1>. Bye'],
    ['on lines', 'Address:\n12 Oak Street\nApt. 4\nSpringfield\nIL 62704\n\nBye', 'Address:\n<ADDRESS_1>\n\nBye'],
    ['of a flat', 'at Flat 3, 18 Station Road, London SW1A 2AA.', 'at <ADDRESS_1>.'],
    ['in German', 'wohne in der Lindenstraße 14, 50674 Köln.', 'wohne in der <ADDRESS_1>.'],
    ['in French', "j'habite au 27 rue Victor Hugo, 69002 Lyon.", "j'habite au <ADDRESS_1>."],
    ['in Spanish', 'vivo en Calle Mayor 15, 28013 Madrid.', 'vivo en <ADDRESS_1>.'],
    ['in Portuguese', 'moro na Rua das Flores, 45, 4050-262 Porto.', 'moro na <ADDRESS_1>.'],
    ['in Italian', 'abito in Via Garibaldi 8, 20121 Milano.', 'abito in <ADDRESS_1>.'],
    ['in Dutch', 'op de Keizersgracht 112, 1015 CW Amsterdam.', 'op de <ADDRESS_1>.'],
    ['in Polish', 'mieszkam przy ul. Długiej 5, 00-238 Warszawa.', 'mieszkam przy <ADDRESS_1>.'],
    ['of soldiers', 'Unit 1009 Box 0219\nDPO AP 51065', '<ADDRESS_1>'],
    ['without capitals', 'moved to 11 via goffredo mameli 149, suite 268', 'moved to <ADDRESS_1>'],
    ['as a home', 'I live in Paris.', 'I live in <LOCATION_1>.'],
    ['as a code', 'My zip code is 71382', 'My zip code is <ZIP_1>'],
  ])('masks one %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['versions', 'Windows 11 Home, Version 5 Update 3, Top 10 Customer Requests'],
    ['goods', 'I ordered 2 Apple Watches and 3 Red Shirts'],
    ['codes of parcels', 'tracking number 1Z 999 AA1 01 2345 6784'],
    ['countries in passing', 'How long does a transfer from China take?'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});

describe('a ticket', () => {
  const ticket = (texts: readonly string[], names: readonly string[] = []): string[] =>
    createMasker()
      .maskTogether(texts, names)
      .map(({ text }) => text);

  it('gives one person one placeholder', () => {
    expect(
      ticket(['Dear John Smith,', 'Mr Smith called.', 'John said so to Anna Miller.', 'about Anna Miller']),
    ).toEqual(['Dear <PERSON_1>,', '<PERSON_1> called.', '<PERSON_1> said so to <PERSON_2>.', 'about <PERSON_2>']);
  });

  it('keeps apart whom a name could both mean', () => {
    expect(ticket(['Mr John Smith and Mrs Anna Smith met Mr Smith.'])).toEqual([
      '<PERSON_1> and <PERSON_2> met <PERSON_3>.',
    ]);
  });

  it('knows the names in an address elsewhere', () => {
    expect(ticket(['wrote anna.mueller@x.org', 'Ticket (Anna)'])).toEqual(['wrote <EMAIL_1>', 'Ticket (<PERSON_1>)']);
  });

  it('masks a known name as a word only', () => {
    expect(ticket(['Dear Mr Martin,', 'Martinique'])).toEqual(['Dear <PERSON_1>,', 'Martinique']);
  });

  it.each([
    ['requester.name', 'ana silva', '<PERSON_1>'],
    ['customer_name', '山田太郎', '<PERSON_1>'],
    ['assignee', 'Support Team', 'Support Team'],
    ['product_name', 'Widget Plus', 'Widget Plus'],
    ['billingAddress', 'Somewhere 5, Nowhere', '<ADDRESS_1>'],
    ['ip_address', 'home', 'home'],
    ['address.city', 'Recife', '<LOCATION_1>'],
    ['zip', '12345', '<ZIP_1>'],
  ])('reads the field %s = %s as %s', (name, value, masked) => {
    expect(ticket([value], [name])).toEqual([masked]);
  });
});
