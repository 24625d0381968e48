import { inject } from 'vitest';
import { type Infrastructure, type InfrastructureOptions, startInfrastructure } from '../infra/infrastructure.ts';
import type { PartName } from '../infra/part.ts';
import '@assay/shared/testing/test-infrastructure';

/** Starts Kafka Connect for the run when the first test asks for it (2 to 4 s, 150 to 330 MB); returns its address. */
export async function ensureConnect(): Promise<string> {
  const response = await fetch(inject('connectStarter'), { method: 'POST', signal: AbortSignal.timeout(120_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`starting Kafka Connect: ${text}`);
  return text;
}

/**
 * Infrastructure of a test's own, for tests that stop, kill or wipe a part. It never uses existing infrastructure.
 * Its folder goes with `stop()`, or by its guard when the test process is killed.
 */
export function startPrivateInfrastructure(
  parts: readonly PartName[],
  options: Partial<InfrastructureOptions> = {},
): Promise<Infrastructure> {
  return startInfrastructure({ parts, isDurable: false, ...options });
}
