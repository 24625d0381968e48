import { createHash } from 'node:crypto';
import { advanceOverExpired, type LedgerRow, type RecordMark } from './ledger.ts';
import { isRetriable } from '../errors/pipeline-error.ts';
import type { LedgerKey, LedgerStore } from './ledger-store.ts';
import { isSameRecord, judgePosition, type LogBounds } from './log-position.ts';
import type { Log } from './log.ts';
import type { Fetched } from './partitioned-source.ts';
import type { SourceRecord } from './record.ts';

export type Admission =
  /** The fetch continues the ledger: book [from, last]. */
  | { readonly kind: 'process'; readonly incarnation: number; readonly from: bigint }
  /** It does not: drop it and read from there. `booked`: everything before it is on the ledger, so the group may know. */
  | { readonly kind: 'seek'; readonly offset: bigint; readonly booked: boolean };

type Ready = { readonly kind: 'ready'; readonly incarnation: number; readonly next: bigint };
type Verifying = {
  readonly kind: 'verifying';
  readonly row: LedgerRow;
  readonly mark: RecordMark;
  readonly fetches: number;
};
type Phase = { readonly kind: 'unknown' } | Verifying | Ready;

/** How many fetches may pass before the one we sought; more mean that the record is not in this log. */
const VERIFYING_FETCHES = 10;

interface Parts {
  readonly key: LedgerKey;
  readonly ledger: LedgerStore<never>;
  readonly bounds: () => Promise<LogBounds>;
  readonly onExpired: (count: number) => void;
  readonly log: Log;
}

/**
 * Where one partition stands in this generation of the group.
 *
 *   unknown ──judge──► ready            the ledger's offset is known; fetches that start there are processed
 *      │                 ▲
 *      └──► verifying ───┘              read the last booked record once more: is this still the same log?
 *
 * A new generation starts in `unknown` again, and so does anything that does not start where the ledger stands: a lost
 * compare-and-set, a reset after "offset out of range", a replaced topic. The source's own position and the group's committed
 * offset are hints; only the ledger decides.
 */
export class PartitionProgress {
  #phase: Phase = { kind: 'unknown' };
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async admit(fetched: Fetched): Promise<Admission> {
    if (this.#phase.kind === 'verifying') return this.#verify(this.#phase, fetched);
    if (this.#phase.kind === 'ready' && covers(fetched, this.#phase.next)) return admitted(this.#phase, fetched);
    return this.#judge(fetched);
  }

  /** The fetch was booked; the next one starts at `next`. */
  moved(next: bigint): void {
    if (this.#phase.kind === 'ready') this.#phase = { ...this.#phase, next };
  }

  /** Somebody else moved the row. Not an error: read it again and go where it says. */
  lost(): void {
    this.#phase = { kind: 'unknown' };
  }

  /**
   * Whether ledger and log are still where this instance left them. If not, nothing is known any more. An outage says nothing
   * either way; the next look does.
   */
  async stillStands(): Promise<boolean> {
    if (this.#phase.kind !== 'ready') return true; // somebody is finding out already
    const { incarnation, next } = this.#phase;
    const { key, ledger } = this.#parts;
    try {
      const row = await ledger.read(key);
      const isOurs = row?.incarnation === incarnation && row.nextOffset === next;
      if (isOurs && judgePosition(row, await this.#parts.bounds()).kind === 'resume') return true;
    } catch (error) {
      if (isRetriable(error)) return true;
      throw error;
    }
    this.lost();
    return false;
  }

  async #judge(fetched: Fetched): Promise<Admission> {
    const { key, ledger } = this.#parts;
    const bounds = await this.#parts.bounds();
    const row = await ledger.read(key);
    if (row === null) return admitted(this.#stand(await ledger.open(key, 1, bounds.clusterId, bounds.low)), fetched);
    const judgement = judgePosition(row, bounds);
    switch (judgement.kind) {
      case 'resume':
        return judgement.verify === null
          ? admitted(this.#stand(row), fetched)
          : this.#seekToVerify({ kind: 'verifying', row, mark: judgement.verify, fetches: 0 });
      case 'expired':
        return this.#bookExpired(row, bounds, fetched);
      case 'replaced':
        return admitted(await this.#startOver(row, bounds, judgement.because), fetched);
    }
  }

  #seekToVerify(phase: Verifying): Admission {
    this.#phase = { ...phase, fetches: phase.fetches + 1 };
    return { kind: 'seek', offset: phase.mark.offset, booked: false };
  }

  async #verify(phase: Verifying, fetched: Fetched): Promise<Admission> {
    const { row, mark, fetches } = phase;
    const record = fetched.records.find(({ offset }) => offset === mark.offset);
    if (record !== undefined && isSameRecord(markOf(record), mark)) return admitted(this.#stand(row), fetched);
    // A fetch that was under way before our seek says nothing about the record.
    if (!covers(fetched, mark.offset) && fetched.fetchedOffset !== mark.offset && fetches < VERIFYING_FETCHES)
      return this.#seekToVerify(phase);
    const bounds = await this.#parts.bounds();
    // Retention may have taken the record since the judgement; then there is nothing left to compare.
    if (mark.offset < bounds.low) return this.#judge(fetched);
    return admitted(await this.#startOver(row, bounds, `another record stands at ${mark.offset}`), fetched);
  }

  #stand({ incarnation, nextOffset }: LedgerRow): Ready {
    return (this.#phase = { kind: 'ready', incarnation, next: nextOffset });
  }

  async #startOver(row: LedgerRow, bounds: LogBounds, because: string): Promise<Ready> {
    const { key, ledger, log } = this.#parts;
    log.error(
      { ...key, because, offset: String(bounds.low) },
      'The topic was replaced by another of the same name; reading it from its beginning.',
    );
    return this.#stand(await ledger.open(key, row.incarnation + 1, bounds.clusterId, bounds.low));
  }

  async #bookExpired(row: LedgerRow, bounds: LogBounds, fetched: Fetched): Promise<Admission> {
    const { key, ledger, log, onExpired } = this.#parts;
    const { nextOffset } = row;
    const booking = await ledger.book(key, row.incarnation, advanceOverExpired(nextOffset, bounds.low), null);
    if (booking.kind === 'missed') return this.#judge(fetched);
    const count = Number(bounds.low - nextOffset);
    onExpired(count);
    log.error(
      { ...key, offset: String(nextOffset), count },
      'Retention deleted messages before they were read; they are booked as expired.',
    );
    return admitted(this.#stand({ ...row, nextOffset: bounds.low }), fetched);
  }
}

/** Every offset in [next, last] was part of this fetch. What it did not show as a record is not for us. */
const covers = ({ fetchedOffset, first, last }: Fetched, next: bigint): boolean =>
  (fetchedOffset ?? first) <= next && next <= last;

const admitted = ({ incarnation, next }: Ready, fetched: Fetched): Admission =>
  covers(fetched, next) ? { kind: 'process', incarnation, from: next } : { kind: 'seek', offset: next, booked: true };

/** Fingerprint of a record for the ledger. The key is hashed because ticket ids do not belong in it. */
export function markOf({ offset, key, timestamp }: SourceRecord): RecordMark {
  const keyHash = createHash('sha256')
    .update(key ?? '')
    .digest('hex')
    .slice(0, 16);
  return { offset, keyHash, timestamp };
}
