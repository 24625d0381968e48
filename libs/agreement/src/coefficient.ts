/** Why a coefficient has no value. Undefined is never shown as 0 or 1. */
export type UndefinedReason =
  | 'not enough overlap'
  | 'one label only'
  | 'items have different numbers of votes'
  | 'labels have no order'
  | 'labels are not numbers';

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: 'analytic' | 'bootstrap';
  /** The interval is a point because the data never vary (perfect agreement, a constant rater): it says nothing about
   * precision and must not be shown as if it did. */
  readonly degenerate: boolean;
}

/** One label makes up so much of the votes that chance-corrected values drop although people agree (the kappa
 * paradox). Show percent agreement and AC1 beside the value. */
export interface PrevalenceWarning {
  readonly label: string;
  readonly share: number;
}

interface Basis {
  /** Items the value rests on: those with at least two votes (of the pair, for Cohen). */
  readonly items: number;
  readonly raters: number;
}

export interface DefinedCoefficient extends Basis {
  readonly value: number;
  /** Null where the data allow none, for example a single item. */
  readonly interval: Interval | null;
  readonly prevalence: PrevalenceWarning | null;
}

/** `value` is null rather than missing, so that it survives JSON. */
export interface UndefinedCoefficient extends Basis {
  readonly value: null;
  readonly reason: UndefinedReason;
}

export type Coefficient = DefinedCoefficient | UndefinedCoefficient;

/** 97.5 % point of the normal distribution, as statsmodels uses it. */
const Z_95 = 1.959963984540054;

/** value ± 1.96 se, not clipped to [-1, 1]. A clipped interval hides how little the data say. */
export function analyticInterval(value: number, standardError: number): Interval {
  const half = Z_95 * standardError;
  return { low: value - half, high: value + half, method: 'analytic', degenerate: standardError === 0 };
}

// Variances of real data are at least about 1/n² in this scale; what lies below is a rounding error of a true zero,
// and its square root (1e-8) would look like a number.
const ROUNDING_ERROR = 1e-13;

/** The standard error from the variance times n. */
export function standardErrorOf(scaledVariance: number, items: number): number {
  return scaledVariance < ROUNDING_ERROR ? 0 : Math.sqrt(scaledVariance / items);
}

/** Delta-method interval of Gwet (2014): `influences[i]` is how pattern i pulls the estimate, and their mean over the
 * items is the estimate itself. Items are taken as a sample of endlessly many. */
export function linearizedInterval(
  value: number,
  influences: readonly number[],
  items: ArrayLike<number>,
): Interval | null {
  let total = 0;
  let squares = 0;
  for (const [at, influence] of influences.entries()) {
    const weight = items[at] ?? 0;
    total += weight;
    squares += weight * (influence - value) ** 2;
  }
  return total < 2 ? null : analyticInterval(value, standardErrorOf(squares / (total - 1), total));
}

const PREVALENT_SHARE = 0.8;

/** Null as long as no label dominates. */
export function prevalenceOf(votesByLabel: ArrayLike<number>, names: readonly string[]): PrevalenceWarning | null {
  let total = 0;
  let label = 0;
  for (let at = 0; at < votesByLabel.length; at += 1) {
    total += votesByLabel[at] ?? 0;
    if ((votesByLabel[at] ?? 0) > (votesByLabel[label] ?? 0)) label = at;
  }
  const share = (votesByLabel[label] ?? 0) / total;
  return share >= PREVALENT_SHARE ? { label: names[label] ?? '', share } : null;
}
