import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyPortIsClosed } from '../infra/ports.ts';
import { isAlive } from '../infra/process-identity.ts';
import { CommandUnderTest, commandOf, processesOf, says, stopBy } from '../testing/command-under-test.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { serviceNames } from './service-table.ts';

/** Ten processes start twice, and other tests may want the same two cores. */
const PATIENCE_MS = 300_000;

let npmStart: CommandUnderTest;

beforeEach(() => {
  npmStart = new CommandUnderTest(...commandOf('start'), '--no-build');
});

afterEach(() => npmStart.dispose());

async function freeBase(): Promise<number> {
  for (let base = 21_000; ; base += 10) {
    const closed = await Promise.all(Array.from({ length: 10 }, (_, index) => whyPortIsClosed(base + index)));
    if (closed.every((reason) => reason === undefined)) return base;
  }
}

describe('npm start', () => {
  it(
    'serves at fixed ports, starts a killed service again, leaves nothing when it is killed itself, finds everything again, and ends in order on Ctrl-C',
    async () => {
      const base = await freeBase();
      const first = await npmStart.start('--no-demo', '--port-base', String(base));
      const { services, pids } = first.endpoints;
      expect(Object.values(services!)).toEqual(
        serviceNames.map((_name, index) => `http://127.0.0.1:${base + 5 + index}`),
      );
      const before = pids['output']!;
      process.kill(before, 'SIGKILL');
      await says(first, 'output is ready again');
      expect(npmStart.readEndpoints().pids['output']).not.toBe(before);
      expect((await fetch(`${services!['output']}/health`)).status).toBe(200);

      const processes = processesOf(npmStart.readEndpoints());
      expect(processes).toHaveLength(10); // four parts, their guard, five services
      first.child.kill('SIGKILL');
      await waitUntil(() => !processes.some(isAlive));

      const second = await npmStart.start('--no-demo');
      expect(second.endpoints.services).toEqual(services);
      const again = processesOf(second.endpoints);
      expect(again).toHaveLength(10);
      expect(await stopBy(second, 'SIGINT')).toBe(0);
      expect(again.filter(isAlive)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('says what is wrong with an option and touches nothing', async () => {
    const { code, output } = await npmStart.run(['--tickets', 'many']);
    expect(code).toBe(2);
    expect(output).toContain('--tickets must be a whole number from 1 on, got "many".');
    expect(existsSync(join(npmStart.dataDir, 'run'))).toBe(false);
  });
});
