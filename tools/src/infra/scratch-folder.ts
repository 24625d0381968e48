import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A scratch folder that the account Postgres runs as may enter. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-infra-'));
  chmodSync(folder, 0o755);
  return folder;
}
