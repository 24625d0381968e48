import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import { buildConsole } from './service.ts';
import { readConsoleConfig } from './config.ts';

const log = createLogger('console', 'info');
await runService(log, async (onFatal) => {
  const config = readConsoleConfig();
  log.level = config.LOG_LEVEL;
  return buildConsole({ config, log, onFatal });
});
