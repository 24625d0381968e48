// The service as main.ts starts it, except that it signals itself at a crash point of a batch. For tests only: it is not in any image.
// KILL_AT=<crash point>:<n> ends it with SIGKILL the n-th time it is passed, STOP_AT=<crash point>:<n> freezes it with SIGSTOP.
// WITHOUT_NAMES=yes leaves out the recognisers of names and addresses, for benches that measure what those cost.
import { builtInEntities } from '@assay/pii/entity';
import { createMasker } from '@assay/pii/masker';
import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { buildIngest } from '../service.ts';
import { readIngestConfig } from '../config.ts';

function signalAt(place: string | undefined, signal: 'SIGKILL' | 'SIGSTOP'): readonly LaneListener[] {
  if (place === undefined) return [];
  const [point, times] = place.split(':');
  let left = Number(times);
  return [{ at: (passed) => void (passed === point && --left === 0 && process.kill(process.pid, signal)) }];
}

const config = readIngestConfig();
const log = createLogger('ingest', config.LOG_LEVEL);
const { KILL_AT, STOP_AT, WITHOUT_NAMES } = process.env;
const NAMES: readonly string[] = ['PERSON', 'STREET_ADDRESS', 'ZIP_CODE', 'LOCATION'];
const withoutNames = () => createMasker({ types: builtInEntities.filter((type) => !NAMES.includes(type)) });
const parts = WITHOUT_NAMES === 'yes' ? { masker: withoutNames() } : {};
const listeners = [...signalAt(KILL_AT, 'SIGKILL'), ...signalAt(STOP_AT, 'SIGSTOP')];
await runService(log, (onFatal) => buildIngest({ config, log, onFatal, listeners, ...parts }));
