import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap.ts';
import { binomial, createRandom } from './random.ts';

describe('binomial draws', () => {
  // Small means take the inversion, large ones the rejection, probabilities above a half the mirror image.
  it.each([
    [12, 0.3],
    [1000, 0.004],
    [400, 0.2],
    [500_000, 0.37],
    [60, 0.95],
  ])('%d trials at %d have the right mean and variance', (trials, probability) => {
    const random = createRandom(5);
    const draws = Array.from({ length: 20_000 }, () => binomial(random, trials, probability));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const expected = trials * probability * (1 - probability);
    // Five standard errors of each estimate.
    expect(Math.abs(mean - trials * probability)).toBeLessThan(5 * Math.sqrt(expected / draws.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(3 / draws.length));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(trials);
  });

  it('knows what is certain', () => {
    const random = createRandom(1);
    expect([binomial(random, 9, 0), binomial(random, 9, 1), binomial(random, 0, 0.5)]).toEqual([0, 9, 0]);
  });
});

describe('bootstrap', () => {
  const options = { seed: 1, resamples: 200 };
  const total = (items: Float64Array) => items.reduce((sum, count) => sum + count, 0);

  it('draws as many items as there are', () => {
    const items = Float64Array.of(5, 0, 70, 2);
    expect(bootstrapInterval(items, total, options)).toMatchObject({ low: 77, high: 77, degenerate: true });
  });

  it('gives no interval from one item, nor when most resamples have no value', () => {
    expect(bootstrapInterval(Float64Array.of(1), total, options)).toBeNull();
    expect(bootstrapInterval(Float64Array.of(1, 1), () => null, options)).toBeNull();
  });

  it('meets the normal interval of a share', () => {
    const share = (items: Float64Array) => (items[0] ?? 0) / total(items);
    const interval = bootstrapInterval(Float64Array.of(300_000, 200_000), share, { seed: 4, resamples: 4000 });
    const half = 1.96 * Math.sqrt((0.6 * 0.4) / 500_000);
    expect(interval?.low).toBeCloseTo(0.6 - half, 4);
    expect(interval?.high).toBeCloseTo(0.6 + half, 4);
  });
});
