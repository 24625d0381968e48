import type { Statement, Transaction } from '../postgres/statement.ts';
import type { Replay } from './plan-replay.ts';

const findReplayed: Statement = {
  name: 'find-replayed-letters',
  text: `select letter from assay.replays where letter = any ($1::text[]) and sent_at is not null`,
};

/** One that was begun and never confirmed is taken over when whoever began it has had time enough. */
const beginReplays: Statement = {
  name: 'begin-replays',
  text: `
    insert into assay.replays (letter, read_at, source_topic, code, attempt, is_mapped)
    select letter, read_at, source_topic, code, attempt, is_mapped
      from json_to_recordset($1::json)
        as r (letter text, read_at text, source_topic text, code text, attempt integer, is_mapped boolean)
     order by letter collate "C"
        on conflict (letter) do update
       set times = replays.times + 1, attempt = excluded.attempt, is_mapped = excluded.is_mapped,
           begun_at = now(), sent_at = null
     where (replays.sent_at is null and replays.begun_at < now() - interval '1 minute')
        or ($2 and replays.sent_at is not null)
    returning letter`,
};

const confirmReplays: Statement = {
  name: 'confirm-replays',
  text: `update assay.replays set sent_at = now() where letter = any ($1::text[])`,
};

/** Which letters were replayed, so that none is a second time without being asked for. */
export interface ReplayBook {
  /** Those that were never replayed; all of them where that is asked for. */
  freshOf(replays: readonly Replay[], again: boolean): Promise<readonly Replay[]>;
  /** Books them and answers those that are ours to send: nobody else replays them now. */
  begin(replays: readonly Replay[], again: boolean): Promise<readonly Replay[]>;
  confirm(replays: readonly Replay[]): Promise<void>;
}

export function createReplayBook(postgres: Pick<Transaction, 'query'>): ReplayBook {
  const ids = (replays: readonly Replay[]) => replays.map(({ letter }) => letter.id);
  return {
    async freshOf(replays, again) {
      if (again || replays.length === 0) return replays;
      const rows = await postgres.query<{ letter: string }>(findReplayed, [ids(replays)]);
      const known = new Set(rows.map(({ letter }) => letter));
      return replays.filter(({ letter }) => !known.has(letter.id));
    },

    async begin(replays, again) {
      if (replays.length === 0) return [];
      const rows = replays.map(({ letter, isMapped }) => ({
        letter: letter.id,
        read_at: letter.at,
        source_topic: letter.source.topic,
        code: letter.code,
        attempt: letter.attempt,
        is_mapped: isMapped,
      }));
      const begun = await postgres.query<{ letter: string }>(beginReplays, [JSON.stringify(rows), again]);
      const ours = new Set(begun.map(({ letter }) => letter));
      return replays.filter(({ letter }) => ours.has(letter.id));
    },

    async confirm(replays) {
      if (replays.length > 0) await postgres.query(confirmReplays, [ids(replays)]);
    },
  };
}
