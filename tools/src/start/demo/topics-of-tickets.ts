import { chancesOf, pick } from './chance.ts';

/** What a ticket can be about, and words that tell it; what it says first decides. */
const keywords = {
  billing: /invoice|charged|subscription|refund|plan includes|Rechnung|factur/i,
  access: /log in|Two-factor|sign-on|order but I only get|connecter|Übersicht/i,
  shipping: /parcel|tracking|colis/i,
  data: /Export|report took|attachments|anexos|отчёт/i,
  technical: /webhook|crashes|timeout=|aplicación|εφαρμογή/i,
} as const;

export type Topic = keyof typeof keywords;

export const topics = Object.keys(keywords) as readonly Topic[];

/** The right answer, as far as the demo is concerned. */
export function topicOf(text: string): Topic {
  const found = topics
    .map((topic) => ({ topic, at: text.search(keywords[topic]) }))
    .filter(({ at }) => at >= 0)
    .toSorted((left, right) => left.at - right.at);
  return found[0]?.topic ?? pick(topics, chancesOf('topic', text)[0]);
}
