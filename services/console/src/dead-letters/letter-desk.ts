import { lanes } from '@assay/shared/contracts/lanes';
import { letterFilter } from '@assay/shared/dead-letters/letter-filter';
import { groupLetters, type LetterGroups } from '@assay/shared/dead-letters/letter-groups';
import type { Replay, ReplaySettings } from '@assay/shared/dead-letters/plan-replay';
import { createReplayBook } from '@assay/shared/dead-letters/replay-book';
import { replayLetters, type ReplayReport } from '@assay/shared/dead-letters/replay-letters';
import { Problem } from '@assay/shared/http/problem';
import type { KafkaConnection } from '@assay/shared/kafka/kafka-connection';
import type { Postgres } from '@assay/shared/postgres/postgres';

type Kafka = Pick<KafkaConnection, 'scan' | 'writer'>;

/** Looks through dead-letter topics for whoever asks, one at a time: each look reads all of them. */
export class LetterDesk {
  readonly #kafka: Kafka;
  /** As a role that may book replays; the rest of the console reads only. */
  readonly #operator: Postgres;
  #isBusy = false;

  constructor(kafka: Kafka, operator: Postgres) {
    this.#kafka = kafka;
    this.#operator = operator;
  }

  list(): Promise<LetterGroups> {
    const parts = { scan: this.#kafka.scan, postgres: this.#operator };
    const topics = Object.values(lanes).map(({ deadLetters }) => deadLetters.name);
    return this.#alone(() => groupLetters(parts, topics, letterFilter([])));
  }

  replay(
    services: readonly string[],
    settings: ReplaySettings,
    preview: ((replay: Replay) => void) | undefined,
  ): Promise<ReplayReport> {
    const topics = Object.values(lanes).flatMap(({ service, deadLetters }) =>
      services.includes(service) ? [deadLetters.name] : [],
    );
    const { scan, writer } = this.#kafka;
    const parts = { scan, writer, book: createReplayBook(this.#operator) };
    return this.#alone(() => replayLetters(parts, topics, settings, preview));
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy)
      throw new Problem(503, 'BUSY', 'Somebody is looking through the dead letters now; ask again in a while.');
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}
