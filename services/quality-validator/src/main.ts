import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import { buildValidator } from './service.ts';
import { readValidatorConfig } from './config.ts';

const log = createLogger('quality-validator', 'info');
await runService(log, async (onFatal) => {
  const config = readValidatorConfig();
  log.level = config.LOG_LEVEL;
  return buildValidator({ config, log, onFatal });
});
