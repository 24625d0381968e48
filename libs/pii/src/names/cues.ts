import { hashNext, hashStart } from './hash.ts';
import { isLetterUnit, keyOf } from './letters.ts';

/** What a word says about a name, a street or a place next to it. */
export const TITLE = 1;
export const GREETING = 1 << 1;
export const SIGN_OFF = 1 << 2;
/** "my name is …", "called …" */
export const NAMED = 1 << 3;
/** Whom a person may be: "my wife …", "customer: …". */
export const KIN = 1 << 4;
/** What is done with or by a person: "asked …", "contact …". */
export const DEALING = 1 << 5;
export const ARTICLE = 1 << 6;
/** What a person does: "… said". */
export const DOES = 1 << 7;
export const COMPANY = 1 << 8;
export const STREET = 1 << 9;
export const UNIT = 1 << 10;
export const ADDRESS = 1 << 11;
export const TOWARDS = 1 << 12;
export const LIVES = 1 << 13;
export const PARTICLE = 1 << 14;
/** Months, days: written like names, and names now and then. */
export const OTHER_NAME = 1 << 15;
/** Says that the language writes its nouns like names. */
export const GERMAN = 1 << 16;
export const STATE = 1 << 17;
export const AFFIX = 1 << 18;
export const IS = 1 << 19;
/** "I am", "this is": half a cue. */
export const SELF = 1 << 20;
/** With a colon behind them they head a line of a mail or a form. */
export const HEADER = 1 << 21;
export const AND = 1 << 22;
export const ZIP = 1 << 23;
/** What only a person does: "… said". */
export const SAYS = 1 << 25;
/** Part of the name of a country or region. */
export const LAND = 1 << 26;
/** Military post: FPO, APO, DPO. */
export const MILITARY = 1 << 27;
/** Brands, languages, nations, offices: never a person by themselves. */
export const NEVER = 1 << 28;
/** Words that streets have now and then. */
export const STREET_NOW_AND_THEN = 1 << 29;
/** Streets whose word stands before their name. */
export const STREET_FIRST = 1 << 24;

const words: readonly (readonly [number, string])[] = [
  [
    TITLE,
    `mr mrs ms miss mx dr prof professor doctor sir dame lord lady herr herrn frau hr fr fräulein monsieur madame mademoiselle
    mme mlle messieurs señor señora señorita sr sra srta don doña signor signora signore sig dott dottoressa senhor senhora
    dona meneer mevrouw mevr dhr pan pani panie pana panią panu captain sergeant panem panowie господин госпожа пан пані κύριος κυρία κύριε officer detective judge rev reverend nurse uncle aunt auntie`,
  ],
  [
    GREETING,
    `dear hi hello hey hiya greetings morning afternoon evening hallo moin servus liebe lieber geehrte geehrter bonjour bonsoir cher
    chère salut coucou hola querido querida estimado estimada apreciado olá oi prezado prezada caro cara ciao buongiorno gentile
    egregio spettabile beste geachte hoi goedemorgen drogi droga уважаемый уважаемая здравствуйте привет шановний доброго αγαπητέ αγαπητή γεια καλημέρα καλησπέρα szanowny szanowna cześć witam witaj hej kära thanks thx tack
    danke merci gracias obrigado obrigada grazie bedankt dziękuję goodbye bye`,
  ],
  [
    SIGN_OFF,
    `regards sincerely cheers best thanks thank you yours faithfully truly respectfully cordially thx love grüße grüßen gruß gruss lg
    vg mfg hochachtungsvoll danke cordialement salutations amicalement bien merci atentamente saludos saludo gracias cordial
    cumprimentos atenciosamente abraço abraços obrigado obrigada saluti cordiali grazie groet groeten groetjes vriendelijke bedankt
    pozdrawiam poważaniem pozdrowienia dziękuję signed best`,
  ],
  [
    NAMED,
    `name names named called nickname surname username lastname firstname fullname forename nom prénom nombre apellido nome
    cognome sobrenome naam voornaam achternaam imię nazwisko nazywam heiße heisse heisst heißt heiss vorname nachname appelle
    appelé llamo llama chiamo chiama chamo chama heet heette gnade hatte alias aka née signed имя зовут фамилия звати ім'я прізвище λένε ονομάζομαι όνομα όνομά ονοματεπώνυμο
    שמי שם اسمي الاسم اسم 名前 お名前 氏名 姓名 名字 이름 성함 नाम ชื่อ`,
  ],
  [
    KIN,
    `customer client user agent patient manager colleague wife husband son daughter brother sister mother father mom dad mum friend
    boss contact attn attention recipient sender holder cardholder accountholder owner author driver partner girlfriend
    boyfriend fiancé fiancée neighbor neighbour roommate landlord tenant applicant beneficiary payee employee teacher student
    lawyer attorney coworker supervisor director requester reporter assignee caller guest traveller traveler passenger rep
    representative cousin nephew niece grandmother grandfather kunde kundin kollege kollegin mitarbeiter mitarbeiterin mann
    ehemann ehefrau sohn tochter bruder schwester mutter vater freund freundin client cliente collègue mari femme fils fille
    frère soeur mère père ami amie esposo esposa marido mujer hijo hija hermano hermana madre padre amigo amiga marito moglie
    figlio figlia fratello sorella collega vriend vriendin klant zoon dochter vader moeder mąż żona syn córka klient singer founders customers guests passengers authors members participants attendees employees colleagues friends kids kid child children
    songwriter actor actress president senator minister candidate mayor ceo cto cfo founder`,
  ],
  [
    DEALING,
    `contact contacted ask asked told tell met meet call called calling emailed mailed texted wrote write reach spoke speak speaking
    talked talk thank invited married see saw remember know knew forward cc notify remind help helped with by per via for spoken
    dealt assigned visit visited email von bei mit für par avec chez pour por con para per met door voor przez dla z od`,
  ],
  [ARTICLE, `the a an our your this that these those my his her their its each every any some no`],
  [
    DOES,
    `says said told asked called wrote writes replied answered explained confirmed promised lives lived works worked is was has had
    will would can could did does sent signed paid got went came wants needs thinks likes loves needed wanted tried helped
    bought born died turned hat sagte ist war schrieb rief dit a est était dijo es era disse è ha jest był napisał who whose`,
  ],
  [
    SAYS,
    `says said told asked called wrote writes replied answered explained promised sagte schrieb fragte dit dijo disse escribió
    écrit scrisse escreveu napisał shouted spoke emailed phoned texted insisted claimed`,
  ],
  [
    COMPANY,
    `inc ltd llc llp corp corporation company co gmbh ag kg sa sarl srl spa bv nv oy ab plc group holding holdings bank banking
    university college school hospital institute airlines airways hotel insurance software systems solutions services
    technologies technology labs studio studios store stores shop market supermarket restaurant cafe foundation association club
    team department office center centre enterprises industries partners consulting capital financial trust union church
    council agency records magazine times post news radio tv card cards account pay app support stadium airport museum library
    cup award awards festival championship movers foods motors electronics pharmacy cinema theatre theater verlag meble möbel werke stiftung handel versand
    sparkasse volksbank krankenhaus klinik universität université universidad banque banco banca caja seguros assicurazioni sp`,
  ],
  [
    STREET,
    `street st str u avenue ave av road rd lane ln drive dr boulevard blvd court ct way terrace place pl square sq crescent close
    parkway pkwy highway hwy circle cir trail alley row walk mews gardens grove hill green park plaza plein straat weg laan
    gracht kade gatan gata vägen vej gade allé gate vei veien väg katu tie utca út tér straße strasse platz allee gasse ring
    damm ufer pfad steig chaussee ulice ulica aleja aleje osiedle plac náměstí námestie cesta ulici loop ridge trace pike bypass
    crossing turnpike quay wharf rise vale heights junction expressway freeway route`,
  ],
  [
    STREET_FIRST,
    `rue avenue boulevard place allée allées chemin impasse quai cours route square passage via viale corso piazza piazzale vicolo
    largo strada calle avenida paseo plaza carretera camino ronda travesía cuesta glorieta rua praça travessa alameda estrada
    rodovia ul ulica aleja aleje plac osiedle avda jalan jl vila cra carrera contrada borgo av avda venelle calçada pasaje sentier rond esplanade faubourg largo vico`,
  ],
  [
    UNIT,
    `apt apartment suite ste unit flat floor fl room rm box wohnung etage m stock appartement appt bât bâtiment piso puerta apto
    interno scala verdieping bus lok lokal mieszkanie lot bldg building lgh wing depto penthouse`,
  ],
  [
    ADDRESS,
    `address addresses addressed street deliver delivered delivery ship shipped shipping billing mailing residence resident located
    location adresse anschrift wohnhaft wohne lieferadresse dirección domicilio direccion endereço indirizzo residente adres
    adresem adresu woonadres mieszkam habite domicilié live lives living lived moved moving reside resides residing send sent
    arrived vivo abito moro woon zamieszkały`,
  ],
  [TOWARDS, `in from to near at of around outside aus nach en à de a em di da w z do uit naar op into`],
  [
    LIVES,
    `live lives living lived based born moved moving reside resides residing grew raised travel traveling travelling trip
    relocated visiting visit staying stay wohne wohnt lebe lebt vivo vive habite moro abito mieszkam woon city town village country
    capital native flew flying flight arrived`,
  ],
  [
    PARTICLE,
    `de da do dos das di del della dello dei degli la las los le les du des van von der den ter ten te zu zum zur af av el al bin ibn ben san santa saint st mac mc d l ap op 't abu`,
  ],
  [
    OTHER_NAME,
    `january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun januar februar märz mai juni
    juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi
    samedi dimanche janvier février avril juin juillet août septembre octobre novembre décembre lunes martes miércoles jueves
    viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre christmas easter
    rosa rose rosé viola violeta violette violet olive roos iris kalina róża pilar dolores gloria glória gioia perla esperanza amparo
    paz luz mercedes victoria vittoria vitória wiktoria noël noel pascal`,
  ],
  [
    NEVER,
    `    english german french spanish italian dutch polish portuguese russian chinese japanese korean arabic turkish swedish danish
    norwegian finnish greek czech hungarian american british european african asian indian irish scottish welsh canadian
    australian mexican brazilian austrian swiss belgian jewish muslim christian catholic hindu buddhist romanian bulgarian
    ukrainian croatian serbian slovak egyptian israeli iranian thai vietnamese filipino pakistani cuban
    apple amazon google microsoft facebook meta twitter instagram whatsapp youtube netflix spotify paypal stripe visa mastercard
    amex american express discover maestro chase barclays lloyds hsbc revolut monzo wise venmo zelle klarna android iphone ipad
    ipod macbook mac windows linux ubuntu chrome firefox safari edge outlook gmail hotmail yahoo office excel word powerpoint teams
    slack zoom jira zendesk salesforce hubspot github gitlab docker kubernetes azure aws oracle adobe photoshop dropbox fedex ups
    dhl usps dpd hermes ebay etsy walmart target costco ikea uber lyft airbnb booking expedia samsung galaxy pixel surface pro plus ultra lite premium edition version update prime sony nokia huawei dell
    lenovo intel nvidia toyota honda ford tesla bmw mercedes audi volkswagen siri alexa cortana bluetooth wifi usb java python
    javascript typescript kafka postgres redis disney starbucks mcdonalds vodafone verizon telekom orange bitcoin ethereum gbp usd eur aud cad chf jpy inr nzd sek nok dkk pln atm pin
    sepa swift iban api sso vpn pdf csv url html json xml sms faq ios vip crm erp sdk cli gui ssl tls dns http https ok asap
    eta fyi lol omg gdpr usa uk eu us uae nhs irs dmv internet email team support customer service help desk sales billing admin
    everyone everybody all there folks guys sirs madam sir world god lord bank damen herren doktor kundenservice kundendienst klantenservice
    klanten kunden cliente clientes clients client équipe equipo equipe squadra klienta klienci dział obsługa obsługi atención
    atendimento assistenza clienti servizio suporte soporte apoio serviço servicio hilfe aide ayuda comercial direction`,
  ],
  [
    GERMAN,
    `der die das dem den des ein eine einen einem einer und ist mit für von nach bei zur zum im am auf ich sie wir nicht mein meine
    meinen meiner meinem ihr ihre ihren ihrer keine kein aus über diese dieser dieses wurde vor unter pro per seit trotz laut zwei
    drei alle beim vom ins ans ohne durch gegen als oder aber bitte`,
  ],
  [
    STATE,
    `al ak az ar ca co ct dc fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn
    tx ut va vt wa wi wv wy ab bc mb nb nl ns on pe qc sk nsw vic qld act tas`,
  ],
  [AFFIX, `bis ter quater jr sr ii iii iv phd md esq`],
  [IS, `is was are s ist lautet est es è é jest are be: będzie`],
  [SELF, `i am m im bin suis soy sono sou jestem ben this here speaking it`],
  [
    HEADER,
    `from to cc bcc von an de à da para dla do van aan od attn hd ref by re fwd signed client customer contact sender recipient
    name absender empfänger expéditeur destinataire remitente destinatario mittente afzender ontvanger nadawca odbiorca`,
  ],
  [AND, `and und et y e i en oder or`],
  [
    LAND,
    `netherlands kingdom states emirates republic zealand arabia lanka rica korea islands island guinea africa herzegovina barbuda territory`,
  ],
  [MILITARY, `fpo apo dpo`],
  [
    STREET_NOW_AND_THEN,
    `coves cove isle isles lodge estates estate meadow meadows ranch landing pines field fields shore shores station village glen
    haven knoll manor oval pass path point points ridges spring springs valley view views vista spur greens curve mill mills
    motorway mountain mount orchard overpass plains port ports prairie ramp rapids rest river shoal skyway stream summit
    throughway track tunnel underpass union walks well wells camp canyon cape center centers cliff cliffs club common
    corner corners dale dam divide drives estates extension falls ferry flats ford forge fork forks fort forest garden
    gateway harbor harbour hills hollow inlet key keys lake lakes light lights locks park parks squares stravenue trafficway`,
  ],
  [ZIP, `zip zipcode postcode postal plz cp cap cep postleitzahl postal code pincode`],
];

/** The words of one cue as they are written above. */
export const wordsOf = (cue: number): readonly string[] =>
  words.flatMap(([one, list]) => (one === cue ? list.split(/\s+/) : []));

const slots = 1 << 13;
const hashes = new Int32Array(slots);
const bits = new Int32Array(slots);

/** The cues of a word, by the hash of its base letters; 0 for most. */
export function cuesOf(hash: number): number {
  for (let slot = slotOf(hash); bits[slot] !== 0; slot = (slot + 1) & (slots - 1)) {
    if (hashes[slot] === hash) return bits[slot] as number;
  }
  return 0;
}

const slotOf = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 19;

for (const [cue, list] of words) {
  for (const word of list.split(/\s+/)) {
    let hash = hashStart;
    for (let i = 0; i < word.length; i++)
      if (isLetterUnit(word.charCodeAt(i))) hash = hashNext(hash, keyOf(word.charCodeAt(i)));
    let slot = slotOf(hash);
    while (bits[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (slots - 1);
    hashes[slot] = hash;
    bits[slot]! |= cue;
  }
}
