import { describe, expect, it } from 'vitest';
import { LaneStrategy, type Startable } from './lane-strategy.ts';

function lane(name: string, story: string[], overrides: Partial<Startable> = {}): Startable {
  const note = (what: string) => async () => void story.push(`${name} ${what}`);
  return { name, start: note('started'), stop: note('stopped'), ...overrides };
}
const listen = (strategy: LaneStrategy) => new Promise((resolve) => void strategy.listen(resolve));

describe('lanes under Nest', () => {
  it('start in order, one after the other, and then Nest is told', async () => {
    const story: string[] = [];
    const slow = {
      start: () => new Promise<void>((resolve) => setImmediate(() => (story.push('one started'), resolve()))),
    };
    const strategy = new LaneStrategy([lane('one', story, slow), lane('two', story)]);
    expect(await listen(strategy)).toBeUndefined();
    expect(story).toEqual(['one started', 'two started']);
  });

  it('that cannot start are told to Nest, which ends the start', async () => {
    const story: string[] = [];
    const broken = lane('one', story, { start: () => Promise.reject(new Error('no such topic')) });
    expect(await listen(new LaneStrategy([broken, lane('two', story)]))).toEqual(new Error('no such topic'));
    expect(story).toEqual([]);
  });

  it('stop all together, and Nest waits for the last', async () => {
    const story: string[] = [];
    const strategy = new LaneStrategy([lane('one', story), lane('two', story)]);
    await strategy.close();
    expect(story.toSorted()).toEqual(['one stopped', 'two stopped']);
  });

  it('raise no events: who asks is told where to listen', () => {
    expect(() => new LaneStrategy([]).on()).toThrow('give a LaneListener to the runtime');
  });
});
