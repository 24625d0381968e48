/** Words before a name, in small letters, as one sees them in tickets; the last word of those that are several. */
const words = `
  mr mrs ms miss dr prof herr herrn frau monsieur madame mme mlle señor señora sr sra senhor senhora dom dona signor
  signora sig dott meneer mevrouw dhr mevr pan pani panu panie
  dear hi hello hey hallo liebe lieber geehrter geehrte servus moin bonjour salut cher chère hola estimado estimada
  querido querida olá oi caro cara prezado prezada gentile egregio ciao buongiorno beste geachte hoi dag cześć witam
  szanowny szanowna
  regards cheers sincerely thanks grüße grüßen gruß cordialement saludo saludos atentamente cumprimentos saluti groet
  groeten pozdrawiam
  from name von vorname nachname nom prénom nombre apellidos nome cognome naam voornaam achternaam nazwisko imię
  customer caller contact kunde kundin client cliente klant klient ansprechpartner`;
/** Words after which a name follows whatever its letters. */
const introductions = `heiße heisse appelle llamo chamo chiamo heet`;

const cues = new Set(words.trim().split(/\s+/));
const surely = new Set(introductions.split(' '));

/** `strong`: what follows is a name even in small letters or in a script without capitals. */
export type Cue = 'strong' | 'weak' | undefined;

/** What the words before a place say about it: `my name is`, `Mr`, `regards`. */
export function cueOf(before: readonly string[]): Cue {
  const [last = '', second = ''] = before.toReversed().map((word) => afterElision(word).toLowerCase());
  if (surely.has(last) || (last === 'się' && second === 'nazywam')) return 'strong';
  if (copulas.has(last) && ['name', 'nombre', 'nome', 'nom', 'naam'].includes(second)) return 'strong';
  if (prepositions.has(last) && spoken.has(second)) return 'weak';
  return cues.has(last) ? 'weak' : undefined;
}

/** `m'appelle` is `appelle`. */
const afterElision = (word: string): string => word.slice(Math.max(word.lastIndexOf("'"), word.lastIndexOf('’')) + 1);

const copulas = new Set(['is', 'ist', 'es', 'é', 'è', 'est']);
const prepositions = new Set(['with', 'to', 'mit', 'avec', 'con', 'com', 'met', 'z']);
const spoken = new Set(
  'spoke speaking talked gesprochen gespräch parlé échange hablé falei parlato gesproken rozmowa'.split(' '),
);

const streets = new Set(
  `street st road rd avenue ave av avda lane ln drive dr boulevard blvd court ct close terrace square parade highway
  weg platz gasse allee rue chemin impasse quai cours place calle plaza paseo carrera camino rua travessa largo praça
  estrada alameda via viale vicolo piazza corso laan plein kade ulica ul ulicy aleja al plac pl osiedle os`
    .trim()
    .split(/\s+/),
);

export const isStreetWord = (word: string): boolean =>
  streets.has(word.toLowerCase()) || /.(?:stra[sß]s?e|str|weg|gasse|platz|allee|straat|laan|kade|plein)$/i.test(word);
