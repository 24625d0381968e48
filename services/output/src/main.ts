import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import { buildOutput } from './service.ts';
import { readOutputConfig } from './config.ts';

const log = createLogger('output', 'info');
await runService(log, async (onFatal) => {
  const config = readOutputConfig();
  log.level = config.LOG_LEVEL;
  return buildOutput({ config, log, onFatal });
});
