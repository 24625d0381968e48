import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; the test's own timeout is the only limit. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(50);
}
