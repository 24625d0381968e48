import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repair } from './repair-text.ts';

/** What a reader of the wrong encoding makes of UTF-8. */
const misread = (text: string, encoding = 'windows-1252') => new TextDecoder(encoding).decode(Buffer.from(text));

/** Real sentences, with the quotes, dashes and spaces their typographers use. */
const sentences = [
  'The café’s naïve façade — “résumé” isn’t a cliché… is it?',
  'Meine Rechnung für Juli enthält einen Fehler: „Gruß“ statt „Grüße“. Viel Spaß…',
  'ÄRGER ÜBER DAS »MENÜ« – GROẞ IST DER VERDRUSS DER KÖCHIN „ROSÉ“!',
  'Où est passé mon « café » ? Déjà payé… « ALLÉ ! » Ça m’a coûté 12 €.',
  '« Réglé », dit-il. CAFÉ » À BIENTÔT « NOËL »',
  '¿Dónde está mi señal? «Canción», “acción”… ¡SE ACABÓ»! ESPAÑA',
  'Não recebi a confirmação… «amanhã» AMANHÃ… “IRMÔ “irmã” ª º',
  'Perché non c’è più? «LUNEDÌ» PIÙ… È CAFFÈ› città',
  'Jag får inte på… »Åsa« ”HYVÄ” HYVÄ… ÖÖ, Malmö – smörgåsbord',
  'Ég get ekki skráð mig inn við… „það“ ÞÝÐING',
  'Zażółć gęślą jaźń. „Są…” ŁÓDŹ ’',
  'Příliš žluťoučký kůň »úpěl« ďábelské ódy…',
  'Kérem, segítsen „jól”… FŐÚR Í»',
  'Bună ziua, „ștergeți” contul… ȚARĂ',
  'Không thể đăng nhập… “tài khoản” Việt',
  'Hesabıma giremiyorum… “İSTANBUL” ığüşöç',
  'Не могу войти в «аккаунт» — помогите…',
  'Δεν μπορώ να συνδεθώ… «λογαριασμός»',
  'לא יכול להתחבר… „חשבון”',
  'لا أستطيع الدخول… «حساب» می‌خواهم',
  'मैं लॉग इन नहीं कर सकता…',
  'เข้าสู่ระบบไม่ได้…',
  'ログインできません…「アカウント」',
  '无法登录……“帐户” 로그인이 안 됩니다',
  'ქართული Հայերեն',
  'emoji 👩🏽‍💻 🇩🇪 ❤️ ▶️ ☎ 100 °C ± 3 µm © 2026 ½ ™ ®',
];

describe('mojibake', () => {
  it.each(sentences.filter((text) => !/[A-ZÀ-Þ]{3}/.test(text)))('is turned back: %s', (text) => {
    expect(repair(misread(text))).toBe(text);
    expect(repair(Buffer.from(text).toString('latin1'))).toBe(text);
  });

  it.each(['KÖLN', 'CAFÉ', 'ÅNGSTRÖM', 'CŒUR', 'ŁÓDŹ JEST', 'IT’S — OK', 'Žižek', 'są', 'Nguyễn', 'voilà', 'cœur'])(
    'is turned back in a word of its own: %s',
    (word) => {
      expect(repair(`a ${misread(word)} b`)).toBe(`a ${word} b`);
    },
  );

  it.each([2, 3, 4, 5])('is turned back when the text was misread %i times', (times) => {
    let text = 'Le café’s naïve résumé';
    for (let i = 0; i < times; i++) text = misread(text);
    expect(repair(text)).toBe('Le café’s naïve résumé');
  });

  it('in one place leaves real letters in other places alone', () => {
    expect(repair(`Müller: ${misread('Grüße')} – „Spaß“`)).toBe('Müller: Grüße – „Spaß“');
  });

  it('never becomes a NUL or another control character', () => {
    expect(repair('caf\u00C3\u00A9\u0080')).not.toContain('\0');
    expect(repair('Â\u0085 x')).toBe('Â\u0085 x');
  });
});

describe('real text', () => {
  it.each(sentences)('stays as it is: %s', (text) => {
    expect(repair(text)).toBe(text.replaceAll(/[\u200B\u2060\uFEFF]/g, ''));
  });

  /** Each accented letter of Western Europe at the end of a word, before everything that may follow a word. */
  const letters = Array.from({ length: 0x40 }, (_, index) => String.fromCodePoint(0xc0 + index)).filter(
    (c) => !/[×÷]/.test(c),
  );
  const closings = ['\u00A0', '«', '»', '“', '”', '‘', '’', '‹', '›', '…', '–', '—', '™', '®', '©', '°', 'ª', 'º'];

  it.each(letters)('may end a word with %s before a quote, a dash, a sign or a hard space', (letter) => {
    const word = letter === letter.toLowerCase() ? 'mot' : 'MOT';
    const texts = closings.flatMap((closing) => [`${word}${letter}${closing}`, `${word}${letter}${closing} ja`]);
    expect(texts.filter((text) => repair(text) !== text)).toEqual([]);
  });

  it.each(letters.filter((letter) => letter !== 'â'))('may end a word with %s before two of them', (letter) => {
    const word = letter === letter.toLowerCase() ? 'mot' : 'MOT';
    const texts = closings.flatMap((one) => closings.map((two) => `${word}${letter}${one}${two} ja`));
    expect(texts.filter((text) => repair(text) !== text)).toEqual([]);
  });

  it('in any language of one script beside ASCII stays as it is', () => {
    const scripts = ['Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Han', 'Hangul', 'Thai', 'Devanagari'];
    const others = scripts.map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));
    const anyOf = (pattern: RegExp) =>
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => pattern.test(text));
    for (const pattern of others)
      fc.assert(
        fc.property(anyOf(pattern), (text) => {
          fc.pre(!/[\u0080-\u00FF\u0152-\u0192\u02C6\u02DC\u2013-\u2122\u200B\u2060\uFEFF]/.test(text));
          expect(repair(text)).toBe(text);
        }),
        { numRuns: 5 },
      );
  });
});

describe('what only hides words', () => {
  it('is removed, and the joiners stay: emoji and Persian need them', () => {
    expect(repair('\uFEFFca\u200Brd \u2060no')).toBe('card no');
    expect(repair('می\u200Cخواهم 👩\u200D💻')).toBe('می\u200Cخواهم 👩\u200D💻');
  });

  it('is removed also where mojibake hid it', () => {
    expect(repair(misread('in\u200Bvisible \uFEFFmark'))).toBe('invisible mark');
  });
});

describe('any text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }).map((text) => misread(text)),
    fc.string({ unit: 'grapheme' }).map((text) => misread(misread(text))),
    fc.constantFrom(...sentences).map((text) => misread(text)),
    fc.string({ unit: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCodePoint(code)) }),
  );

  it('is repaired once: repairing it again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(repair(repair(text))).toBe(repair(text));
      }),
      { numRuns: 300 },
    );
  });

  it('stays well formed and never grows', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const repaired = repair(text);
        expect(repaired.isWellFormed()).toBe(true);
        expect(repaired.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });
});
