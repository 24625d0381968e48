import type { Statement, Transaction } from '../postgres/statement.ts';
import type { LetterFilter } from './letter-filter.ts';
import { eachLetter, type ScanTopic } from './replay-letters.ts';

const findReplayed: Statement = {
  name: 'find-replayed',
  text: `select letter from lineage.replays where letter = any ($1::text[]) and sent_at is not null`,
};

/** Letters that are alike. */
export interface LetterGroup {
  /** Where they lie. */
  readonly topic: string;
  readonly code: string;
  readonly step: string;
  /** Where their messages came from. */
  readonly from: string;
  letters: number;
  /** Of them, those whose message was sent again. */
  replayed: number;
}

export interface LetterGroups {
  /** The largest first. */
  readonly groups: readonly LetterGroup[];
  /** Messages that do not say where they came from. */
  readonly unknown: number;
}

export interface GroupParts {
  readonly scan: ScanTopic;
  readonly postgres: Pick<Transaction, 'query'>;
}

/** Counts by dead-letter topic, code, step and the topic they came from. */
export async function groupLetters(
  { scan, postgres }: GroupParts,
  topics: readonly string[],
  filter: LetterFilter,
): Promise<LetterGroups> {
  const groups = new Map<string, LetterGroup>();
  let foreign = 0;
  await eachLetter(scan, topics, async (letters, unknown) => {
    foreign += unknown;
    const meant = letters.filter(filter);
    const rows = await postgres.query<{ letter: string }>(findReplayed, [meant.map(({ id }) => id)]);
    const replayed = new Set(rows.map(({ letter }) => letter));
    for (const { at, id, code, step, source } of meant) {
      const named = { topic: at.slice(0, at.indexOf('/')), code, step, from: source.topic };
      const key = JSON.stringify(named);
      const group = groups.get(key) ?? { ...named, letters: 0, replayed: 0 };
      group.letters++;
      if (replayed.has(id)) group.replayed++;
      groups.set(key, group);
    }
  });
  return { groups: [...groups.values()].toSorted((a, b) => b.letters - a.letters), unknown: foreign };
}
