import { describe, expect, it } from 'vitest';
import { readiness } from './readiness.ts';

const up = (name: string) => ({ name, check: async () => {} });
const down = (name: string, why: string) => ({ name, check: () => Promise.reject(new Error(why)) });
const silent = (name: string) => ({ name, check: () => new Promise<void>(() => {}) });

describe('readiness', () => {
  it('is ready when every dependency answers', async () => {
    expect(await readiness([up('postgres'), up('kafka')], 50)).toEqual({
      status: 'ready',
      dependencies: { postgres: 'up', kafka: 'up' },
    });
  });

  it('names each dependency that is down, and why', async () => {
    expect(
      await readiness([up('postgres'), down('kafka', 'connection refused'), down('blob', 'status 503')], 50),
    ).toEqual({
      status: 'not ready',
      dependencies: { postgres: 'up', kafka: 'connection refused', blob: 'status 503' },
    });
  });

  it('does not wait for one that does not answer, and still tells of the others', async () => {
    expect(await readiness([silent('postgres'), silent('blob'), up('kafka')], 20)).toEqual({
      status: 'not ready',
      dependencies: { postgres: 'no answer within 20 ms', blob: 'no answer within 20 ms', kafka: 'up' },
    });
  });

  it('asks all at once', async () => {
    const asked: string[] = [];
    const remember = (name: string) => ({ name, check: async () => void asked.push(name) });
    await readiness([silent('postgres'), remember('kafka'), remember('blob')], 20);
    expect(asked).toEqual(['kafka', 'blob']);
  });

  it('without dependencies is ready', async () => {
    expect(await readiness([], 20)).toEqual({ status: 'ready', dependencies: {} });
  });
});
