export interface Phrases {
  readonly leads: readonly string[];
  readonly sentences: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly domains: readonly string[];
}

const domains = 'example.com example.org mail.example.net acme.example shop.example support.example.co.uk'.split(' ');

export const asciiPhrases: Phrases = {
  leads: ['Hello team.', 'Hi,', 'Good morning,', 'Dear support,', 'Urgent:', 'Follow-up:'],
  sentences: [
    'The invoice for last month shows the wrong amount and I was charged twice.',
    'I cannot log in since the update, the page reloads and shows error code 5031.',
    'Please cancel the subscription at the end of the current billing period.',
    'The parcel has been stuck in transit for 9 days and the tracking page is empty.',
    'Export to CSV stops at row 10000 without any message in the console.',
    'Our webhook returns 200 but the status in the dashboard stays at pending.',
    'The mobile app crashes when I open the settings screen on version 4.12.7.',
    'I asked for a refund two weeks ago and nobody has answered yet.',
    'Two-factor codes arrive after they have already expired.',
    'The report took 45 minutes yesterday, it used to take about 3 minutes.',
    'Could you tell me which plan includes single sign-on for 250 users?',
    'After the migration the attachments of older tickets are missing.',
    'The connection resets with timeout=30000 and retry=5 in the log.',
    'My colleague sees the order but I only get an empty list.',
    'Thank you for the quick help with the previous request.',
  ],
  firstNames:
    'ana ben carla dmitri elena farid grace hiro ines jonas kavya liam mara nils olga priya quinn rosa sven tara'.split(
      ' ',
    ),
  lastNames:
    'silva novak okafor larsen moreau tanaka costa weber rossi kaya ahmed jensen dubois kim garcia braun patel ivanova'.split(
      ' ',
    ),
  domains,
};

/** Accents, typographic quotes and dashes, no-break spaces, Greek, Cyrillic, Japanese, emoji: what folding has to bear. */
export const worldPhrases: Phrases = {
  leads: [
    'Guten Tag,',
    'Bonjour à tous,',
    '¡Hola!',
    'Καλημέρα,',
    'Здравствуйте,',
    'お世話になっております。',
    'Dzień dobry —',
  ],
  sentences: [
    'Die Rechnung für März enthält den falschen Betrag – ich wurde doppelt belastet.',
    'Seit dem Update lässt sich die „Übersicht“ nicht mehr öffnen (Fehler 5031).',
    'Le colis est bloqué depuis 9 jours et la page de suivi reste vide…',
    'Je n’arrive plus à me connecter : la page se recharge sans arrêt.',
    'La aplicación móvil se cierra cuando abro la configuración en la versión 4.12.7.',
    'Após a migração, os anexos dos pedidos antigos não estão disponíveis.',
    'Η εφαρμογή δεν ανοίγει μετά την τελευταία ενημέρωση.',
    'После обновления отчёт строится 45 минут вместо трёх.',
    '先月の請求書の金額が間違っています。確認をお願いします。',
    'Proszę o zwrot środków — czekam już dwa tygodnie.',
    'It’s still broken 😕 and nobody has answered yet “officially”.',
    'Der Export als CSV bricht bei Zeile 10 000 ohne Meldung ab.',
  ],
  firstNames: 'ana björn chloé dmitri elena françois grace jürgen inês jonas łukasz márta søren zoë'.split(' '),
  lastNames: 'silva nováková müller larsen lefèvre tanaka gonçalves weber rossi kaya jensen dubois garcía'.split(' '),
  domains,
};
