import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Guard, startGuard } from '../infra/guard-pipe.ts';
import { identify, isAlive } from '../infra/process-identity.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { SupervisedService } from './supervised-service.ts';

const serves = `process.send({ address: 'http://127.0.0.1:1' });
process.on('SIGTERM', () => process.exit(0));
setInterval(() => {}, 1000);`;

let folder: string;
let guard: Guard;
let said: string[];
let service: SupervisedService | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-supervised-'));
  guard = startGuard(() => {});
  said = [];
});

afterEach(async () => {
  await service?.stop();
  await guard.close();
  rmSync(folder, { recursive: true });
});

function serviceThat(program: string): SupervisedService {
  const entry = join(folder, 'main.mjs');
  writeFileSync(entry, program);
  const place = { recordFolder: join(folder, 'run'), logFile: join(folder, 'logs', 'ingest.log'), guard };
  service = new SupervisedService(
    { name: 'ingest', entry, environment: process.env },
    { ...place, say: (line) => said.push(line), onReadyAgain: () => said.push('told the new pid') },
  );
  return service;
}

describe('SupervisedService', () => {
  it('tells the address that the service sends when it is ready', async () => {
    expect(await serviceThat(serves).start()).toBe('http://127.0.0.1:1');
  });

  it('starts a service again that was killed, and says so', async () => {
    const running = serviceThat(serves);
    await running.start();
    const before = running.pid!;
    process.kill(before, 'SIGKILL');
    await waitUntil(() => said.includes('told the new pid'));
    expect(said[0]).toMatch(/^ingest was ended by SIGKILL; starting it again in 0\.5 s \(its log is .*ingest\.log\)$/);
    expect(said.slice(1)).toEqual(['told the new pid', 'ingest is ready again']);
    expect(running.pid).not.toBe(before);
  });

  it('gives up on a service that never becomes ready, with the end of its log', async () => {
    const start = serviceThat(`console.log('DATABASE_URL: is required'); process.exit(1);`).start();
    await expect(start).rejects.toThrow(/^ingest ended with 1 before it was ready[^]*DATABASE_URL: is required/);
  });

  it('ends it gently and leaves no record of it', async () => {
    const running = serviceThat(serves);
    await running.start();
    const identity = identify(running.pid!)!;
    await running.stop();
    expect(isAlive(identity)).toBe(false);
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
    expect(said).toEqual([]);
  });

  it('starts nothing more once it is stopped, also while it waits to', async () => {
    const running = serviceThat(`${serves} process.kill(process.pid, 'SIGKILL');`);
    running.start().catch(() => {}); // whether it was ready before its end is not the question
    await waitUntil(() => said.length > 0);
    await running.stop();
    expect(running.pid).toBeUndefined();
  });
});
