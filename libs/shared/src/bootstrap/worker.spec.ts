import { describe, expect, it, vi } from 'vitest';
import { PipelineError } from '../errors/pipeline-error.ts';
import { type More, Worker } from './worker.ts';

const outage = () => new PipelineError('DEPENDENCY_UNAVAILABLE', 'reading: refused', { dependency: 'blob' });

/** A worker whose rounds answer or throw what the script says, and then find nothing to do. */
function worker(script: readonly (More | Error)[], everyMs = 1, firstAfterMs = 0) {
  const warnings: object[] = [];
  const fatal: unknown[] = [];
  const log = { debug() {}, info() {}, warn: (fields: object) => void warnings.push(fields), error() {} };
  let rounds = 0;
  const work = new Worker(
    { name: 'sweep', everyMs, firstAfterMs, log, onFatal: (error) => fatal.push(error) },
    async () => {
      const next = script[rounds++];
      if (next instanceof Error) throw next;
      return next ?? false;
    },
  );
  return { work, warnings, fatal, rounds: () => rounds };
}

describe('a worker', () => {
  it('goes on at once while there is more, then looks again after its pause', async () => {
    const { work, rounds } = worker([true, true, true, false], 60_000);
    await work.start();
    await vi.waitUntil(() => rounds() === 4);
    await work.stop();
    expect(rounds()).toBe(4);
  });

  it('looks again and again', async () => {
    const { work, rounds } = worker([]);
    await work.start();
    await vi.waitUntil(() => rounds() > 3);
    await work.stop();
    const atTheEnd = rounds();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rounds()).toBe(atTheEnd);
  });

  it('looks again at once when it is woken, and once more for all that wakes it in a round', async () => {
    const entered = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const released = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let rounds = 0;
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const work = new Worker({ name: 'sweep', everyMs: 3_600_000, log, onFatal: () => {} }, async () => {
      const round = rounds++;
      entered[round]!.resolve();
      await released[round]!.promise;
      return false;
    });
    await work.start();
    await entered[0]!.promise;
    released[0]!.resolve();
    await new Promise((resolve) => setImmediate(resolve)); // it pauses now
    work.wake();
    await entered[1]!.promise;
    work.wake();
    work.wake();
    released[1]!.resolve();
    await entered[2]!.promise;
    released[2]!.resolve();
    await work.stop();
    expect(rounds).toBe(3);
  });

  it('looks again when its round says that something will be due, and not later than it would anyhow', async () => {
    const soon = worker([1, false], 3_600_000);
    await soon.work.start();
    await vi.waitUntil(() => soon.rounds() === 2);
    await soon.work.stop();
    expect(soon.rounds()).toBe(2);
    const late = worker([3_600_000, false], 1);
    await late.work.start();
    await vi.waitUntil(() => late.rounds() > 2);
    await late.work.stop();
    expect(late.fatal).toEqual([]);
  });

  it('may pause before its first round, and stops out of that pause too', async () => {
    const { work, rounds } = worker([], 1, 60_000);
    await work.start();
    await work.stop();
    expect(rounds()).toBe(0);
  });

  it('says an outage, names what is down, and tries again', async () => {
    const { work, warnings, fatal, rounds } = worker([outage(), outage(), true]);
    await work.start();
    await vi.waitUntil(() => rounds() > 3);
    await work.stop();
    expect(warnings).toEqual(
      Array(2).fill({ worker: 'sweep', code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob', error: 'reading: refused' }),
    );
    expect(fatal).toEqual([]);
  });

  it('ends the service with any other error, once, and does nothing more', async () => {
    const { work, fatal, rounds } = worker([new TypeError('a bug')]);
    await work.start();
    await vi.waitUntil(() => fatal.length > 0);
    await work.stop();
    expect(fatal).toEqual([new TypeError('a bug')]);
    expect(rounds()).toBe(1);
  });

  it('stops at once out of its pause', async () => {
    const { work, rounds } = worker([], 60_000);
    await work.start();
    await vi.waitUntil(() => rounds() === 1);
    await work.stop();
    expect(rounds()).toBe(1);
  });

  it('lets the round in hand end, which may see that it shall stop', async () => {
    const entered = Promise.withResolvers<AbortSignal>();
    const released = Promise.withResolvers<void>();
    const story: string[] = [];
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const work = new Worker({ name: 'sweep', everyMs: 1, log, onFatal: () => {} }, async (stopping) => {
      entered.resolve(stopping);
      await released.promise;
      story.push(`round ended, stopping: ${stopping.aborted}`);
      return true;
    });
    await work.start();
    const signal = await entered.promise;
    expect(signal.aborted).toBe(false);
    const stopped = work.stop().then(() => story.push('stopped'));
    released.resolve();
    await stopped;
    expect(story).toEqual(['round ended, stopping: true', 'stopped']);
  });
});
