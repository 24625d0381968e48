import { doorFlow, type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import { spillTo } from '@assay/shared/blob/spill';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { Bell } from '@assay/shared/pipeline/bell';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { OutputConfig } from './config.ts';
import { GOLD_BLOBS, RELEASES_DATABASE, ReleasesController } from './releases/releases.controller.ts';
import { releasesApi } from './releases/releases.openapi.ts';
import { applyWaitingInTurn } from './stream/apply-decisions.ts';
import { decisionLane } from './stream/decision-lane.ts';
import { LINES_DATABASE, LinesController } from './stream/lines.controller.ts';
import { linesApi } from './stream/lines.openapi.ts';
import { rollSegments } from './stream/roll-segments.ts';

export interface Parts {
  readonly config: OutputConfig;
  readonly postgres: Postgres;
  readonly gold: BlobStore;
  /** Rings when lines were appended to a stream. */
  readonly linesAppended: Bell;
}

/** Only for what no bell told. */
const SEGMENTS_EVERY_MS = 30_000;
const WAITING_EVERY_MS = 5_000;

/** What output does, in the order data takes. */
export const flows = ({ config, postgres, gold, linesAppended }: Parts): readonly Flow[] => [
  // A decision becomes lines for consumers: one that adds its document, or takes it out again.
  laneFlow(decisionLane(), spillTo(gold)),
  // One whose document Postgres did not have waits for it, and keeps nobody else waiting.
  workerFlow('apply-waiting-decisions', WAITING_EVERY_MS, applyWaitingInTurn(postgres)),
  // Lines are rolled into segments.
  workerFlow(
    'roll-segments',
    SEGMENTS_EVERY_MS,
    () => rollSegments(postgres, gold, segmentLimits(config)),
    linesAppended,
  ),
  // Consumers tail the streams and load releases, which `assay release` makes.
  linesDoor(postgres),
  releasesDoor(postgres, gold),
];

export const linesDoor = (postgres: Postgres) =>
  doorFlow(LinesController, [{ provide: LINES_DATABASE, useValue: postgres }], linesApi());

export const releasesDoor = (postgres: Postgres, gold: BlobStore) =>
  doorFlow(
    ReleasesController,
    [
      { provide: RELEASES_DATABASE, useValue: postgres },
      { provide: GOLD_BLOBS, useValue: gold },
    ],
    releasesApi(),
  );

const segmentLimits = (config: OutputConfig) => ({
  lines: config.OUTPUT_SEGMENT_MAX_LINES,
  bytes: config.OUTPUT_SEGMENT_MAX_BYTES,
  ageMs: config.OUTPUT_SEGMENT_MAX_AGE_MS,
});
