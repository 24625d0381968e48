import type { Postgres } from '@assay/shared/postgres/postgres';
import { clearInbox, endPullLease, findStaleItems, leasePull, moveCursor, readInbox } from './answers.sql.ts';
import type { AnswerFiles } from './answer-files.ts';
import type { ToolSource } from './tool-source.ts';

export interface PullSettings {
  /** Pause between two pulls of what has changed. */
  readonly everyMs: number;
  /** An item is compared with the tool again after this long, whatever was said of it: deletions leave no other trace. */
  readonly lookAgainMs: number;
}

interface Parts {
  readonly postgres: Postgres;
  readonly source: ToolSource;
  readonly files: AnswerFiles;
  readonly settings: PullSettings;
}

/** Items of one look: as many as an address can name. */
const LOOKED_AT_ONCE = 100;

/** One instance reads from a tool at a time. A round ends well before its lease, and asks for less than a tool answers in it. */
const LEASE_MS = 120_000;
const ROUND_WITHIN_MS = 100_000;

interface InboxRow {
  readonly kind: string;
  readonly id: string;
  readonly received_at: string;
  readonly item_id: string | null;
}

/**
 * Answers come back from a tool in three ways that end in one: webhooks say where to look, the pull finds what they lost, and
 * every item is looked at again from time to time, because of what is deleted nothing else may tell.
 */
export class AnswerPull {
  readonly #parts: Parts;
  #nextPull = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Answers whether there may be more to do right now. */
  async round(stopping: AbortSignal): Promise<boolean> {
    const { postgres, source, files } = this.#parts;
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ROUND_WITHIN_MS)]);
    const [lease] = await postgres.query<{ cursor: string | null }>(leasePull, [source.name, LEASE_MS]);
    if (lease === undefined) return false;
    try {
      await files.recover();
      const heard = await this.#lookWhereWebhooksSay(signal);
      const pulled = await this.#pull(lease.cursor, signal);
      return heard || pulled || (await this.#lookAgain(signal));
    } catch (error) {
      if (stopping.aborted) return false;
      throw error;
    } finally {
      // Where Postgres is what failed, the lease runs out by itself.
      await postgres.query(endPullLease, [source.name]).catch(() => {});
    }
  }

  async #lookWhereWebhooksSay(signal: AbortSignal): Promise<boolean> {
    const { postgres, source } = this.#parts;
    const rows = await postgres.query<InboxRow>(readInbox, [source.name, LOOKED_AT_ONCE]);
    if (rows.length === 0) return false;
    await this.#look([...new Set(rows.flatMap(({ item_id }) => item_id ?? []))], signal);
    const columns = [rows.map(({ kind }) => kind), rows.map(({ id }) => id), rows.map((row) => row.received_at)];
    await postgres.query(clearInbox, [source.name, ...columns]);
    return rows.length === LOOKED_AT_ONCE;
  }

  async #pull(cursor: string | null, signal: AbortSignal): Promise<boolean> {
    const { postgres, source, files, settings } = this.#parts;
    if (performance.now() < this.#nextPull) return false;
    const changes = await source.changes(cursor, signal);
    await files.takeIn(changes.items);
    await postgres.query(moveCursor, [source.name, changes.cursor]);
    if (changes.isEnd) this.#nextPull = performance.now() + settings.everyMs;
    return !changes.isEnd;
  }

  async #lookAgain(signal: AbortSignal): Promise<boolean> {
    const { postgres, source, settings } = this.#parts;
    const values = [source.name, settings.lookAgainMs, LOOKED_AT_ONCE];
    const stale = await postgres.query<{ item_id: string }>(findStaleItems, values);
    if (stale.length === 0) return false;
    await this.#look(
      stale.map(({ item_id }) => item_id),
      signal,
    );
    return true;
  }

  async #look(itemIds: readonly string[], signal: AbortSignal): Promise<void> {
    if (itemIds.length === 0) return;
    const seen = await this.#parts.source.look(itemIds, signal);
    const found = new Set(seen.map(({ id }) => id));
    await this.#parts.files.takeIn(
      seen,
      itemIds.filter((id) => !found.has(id)),
    );
  }
}
