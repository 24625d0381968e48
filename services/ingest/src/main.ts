import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import { buildIngest } from './service.ts';
import { readIngestConfig } from './config.ts';

const log = createLogger('ingest', 'info');
await runService(log, async (onFatal) => {
  const config = readIngestConfig();
  log.level = config.LOG_LEVEL;
  return buildIngest({ config, log, onFatal });
});
