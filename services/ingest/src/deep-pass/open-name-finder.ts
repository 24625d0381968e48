import { createModelFinder } from '@assay/pii/adapters/model-finder';
import { createPresidioFinder } from '@assay/pii/adapters/presidio';
import type { NameFinder } from '@assay/pii/second-pass';
import type { IngestConfig } from '../config.ts';

type DeepSettings = Pick<
  IngestConfig,
  'INGEST_DEEP_PASS' | 'INGEST_PRESIDIO_URL' | 'INGEST_DEEP_MODEL' | 'INGEST_DEEP_TIMEOUT_MS'
>;

/** What finds names behind the rules; null when that is off. A model that cannot be used ends the start. */
export async function openNameFinder(settings: DeepSettings): Promise<NameFinder | null> {
  const { INGEST_PRESIDIO_URL: url, INGEST_DEEP_MODEL: folder, INGEST_DEEP_TIMEOUT_MS: timeoutMs } = settings;
  switch (settings.INGEST_DEEP_PASS) {
    case 'off':
      return null;
    case 'presidio':
      return createPresidioFinder({ url: url!, timeoutMs });
    case 'model':
      return createModelFinder({ folder: folder!, timeoutMs });
  }
}
