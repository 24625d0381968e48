import { runService } from '@assay/shared/bootstrap/run-service';
import { createLogger } from '@assay/shared/observability/logger';
import { buildAnnotationBridge } from './service.ts';
import { readAnnotationBridgeConfig } from './config.ts';

const log = createLogger('annotation-bridge', 'info');
await runService(log, async (onFatal) => {
  const config = readAnnotationBridgeConfig();
  log.level = config.LOG_LEVEL;
  return buildAnnotationBridge({ config, log, onFatal });
});
