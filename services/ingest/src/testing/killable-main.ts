// The service as main.ts starts it, except that it ends itself with SIGKILL at a gap of a batch. For tests only: it is not
// in any image. KILL_AT=<gap>:<n> is the n-th time the gap is passed.
import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { buildIngest } from '../app.module.ts';
import { readIngestConfig } from '../config.ts';

function killAt(spec: string | undefined): readonly LaneListener[] {
  if (spec === undefined) return [];
  const [gap, times] = spec.split(':');
  let left = Number(times);
  return [{ at: (passed) => void (passed === gap && --left === 0 && process.kill(process.pid, 'SIGKILL')) }];
}

const config = readIngestConfig();
const log = createLogger('ingest', config.LOG_LEVEL);
await runService(log, (onFatal) => buildIngest({ config, log, onFatal, listeners: killAt(process.env['KILL_AT']) }));
