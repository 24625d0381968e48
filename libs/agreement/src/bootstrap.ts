import type { Interval } from './coefficient.ts';
import type { Random } from './random.ts';
import { binomial, createRandom } from './random.ts';

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples: number;
}

export const BOOTSTRAP_DEFAULTS: BootstrapOptions = { seed: 20_261_121, resamples: 1000 };

/** Draws of pattern counts per interval. It binds only where nearly every item has a pattern of its own, and keeps that
 * case near a second instead of minutes. */
const MAX_DRAWS = 20_000_000;
const MIN_RESAMPLES = 100;

/** Percentile interval over resamples of items. Equal items are drawn together (`items[i]` of pattern i), which is the
 * same distribution as drawing them one by one and does not grow with their number. A resample where the statistic
 * is undefined is left out; there is no interval when that is most of them. */
export function bootstrapInterval(
  items: Float64Array,
  statistic: (items: Float64Array) => number | null,
  { seed, resamples }: BootstrapOptions,
): Interval | null {
  const total = items.reduce((sum, count) => sum + count, 0);
  if (total < 2) return null;
  const rounds = Math.max(
    Math.min(resamples, Math.floor(MAX_DRAWS / items.length)),
    Math.min(resamples, MIN_RESAMPLES),
  );
  const random = createRandom(seed);
  const drawn = new Float64Array(items.length);
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    resample(random, items, total, drawn);
    const value = statistic(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length * 2 <= rounds) return null;
  values.sort((left, right) => left - right);
  const low = quantile(values, 0.025);
  const high = quantile(values, 0.975);
  return { low, high, method: 'bootstrap', degenerate: values[0] === values.at(-1) };
}

function resample(random: Random, items: Float64Array, total: number, into: Float64Array): void {
  let left = total;
  let pool = total;
  for (let at = 0; at < items.length; at += 1) {
    const weight = items[at] ?? 0;
    const count = weight >= pool ? left : binomial(random, left, weight / pool);
    into[at] = count;
    left -= count;
    pool -= weight;
  }
}

/** Linear between order statistics, as numpy does. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}
