import { type Account, faultsOfAccount, sumsOf } from '@assay/shared/contracts/account';
import { lanes } from '@assay/shared/contracts/lanes';
import { messageOf } from '@assay/shared/errors/pipeline-error';
import { type OffsetsAdmin, readLaneOffsets } from './lane-offsets.ts';
import type { CountedLineage } from './counted-lineage.ts';
import { askConnectors, askService } from './neighbours.ts';
import type { WatchedService } from '../config.ts';
import { agreementViews } from './domain/agreement-view.ts';
import { type CaughtUp, caughtUp, laneStatus } from './domain/lane-lag.ts';
import type { AccountView, AgreementView, LaneStatus, Status } from './status.ts';

export interface Sources {
  readonly lineage: CountedLineage;
  readonly admin: OffsetsAdmin;
  readonly connectUrl: string | undefined;
  readonly services: readonly WatchedService[];
  readonly now: () => number;
}

/** The client of Kafka tries for much longer before it gives up on a broker, and the page waits for the slowest part. */
const PART_TIMEOUT_MS = 4_000;

/** The intervals of the coefficients come from resampling, so they are computed less often than the page asks. */
const AGREEMENT_MAX_AGE_MS = 5_000;

export const accountView = (account: Account): AccountView => {
  const faults = faultsOfAccount(account);
  return { adds_up: faults.length === 0, faults: [...faults], counts: { ...account }, sums: sumsOf(account) };
};

/** Asks everybody at once. Whoever does not answer costs only his own part of the picture. */
export class StatusCollector {
  readonly #sources: Sources;
  #seen: CaughtUp = new Map();
  #agreement: { readonly at: number; readonly views: readonly AgreementView[] } | null = null;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async collect(): Promise<Status> {
    const { lineage, connectUrl, services, now } = this.#sources;
    const unavailable: Record<string, string> = {};
    const part = async <T>(name: keyof Status, ask: () => Promise<T>): Promise<T | null> => {
      try {
        return await within(PART_TIMEOUT_MS, ask());
      } catch (error) {
        unavailable[name] = messageOf(error);
        return null;
      }
    };
    const [account, stages, laneList, agreement, connectors, asked] = await Promise.all([
      part('account', async () => accountView(await lineage.account())),
      part('stages', () => lineage.stages()),
      part('lanes', () => this.#lanes()),
      part('agreement', () => this.#agreementNow()),
      connectUrl === undefined ? null : part('connectors', () => askConnectors(connectUrl)),
      Promise.all(services.map((service) => askService(service))),
    ]);
    return {
      at: new Date(now()).toISOString(),
      counted_at: countedAt(lineage),
      account,
      stages: stages && { ...stages },
      lanes: laneList && [...laneList],
      agreement: agreement && [...agreement],
      connectors: connectors && [...connectors],
      services: asked,
      unavailable,
    };
  }

  async #lanes(): Promise<readonly LaneStatus[]> {
    const { lineage, admin, now } = this.#sources;
    const contracts = Object.values(lanes);
    const [ledger, offsets] = await Promise.all([
      lineage.lanes(),
      Promise.all(contracts.map((contract) => readLaneOffsets(admin, contract))),
    ]);
    const views = offsets.map((view) => ({ ...view, ledger }));
    const at = now();
    this.#seen = caughtUp(views, this.#seen, at);
    return views.map((view) => laneStatus(view, this.#seen, at));
  }

  async #agreementNow(): Promise<readonly AgreementView[]> {
    const { lineage, now } = this.#sources;
    if (this.#agreement !== null && now() - this.#agreement.at < AGREEMENT_MAX_AGE_MS) return this.#agreement.views;
    const views = agreementViews(await lineage.agreement());
    this.#agreement = { at: now(), views };
    return views;
  }
}

function countedAt(lineage: CountedLineage): string | null {
  const at = lineage.countedAt();
  return at === null ? null : new Date(at).toISOString();
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
