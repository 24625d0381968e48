import type { Vote } from './agreement-counts.ts';

export interface DawidSkeneOptions {
  /** Label indexes run below this. */
  readonly labels: number;
  readonly maxRounds?: number;
  /** It stops when the evidence lower bound per vote rises by less. */
  readonly tolerance?: number;
}

export interface DawidSkene {
  /** Probability of each label, per item, in the order of the input. Items with equal votes share one array. */
  readonly probabilities: readonly Float64Array[];
  readonly priors: Float64Array;
  /** How a rater errs: `errors.get(rater)[said * labels + truth]` is the probability of `said` when `truth` is true. */
  readonly errors: ReadonlyMap<number, Float64Array>;
  readonly rounds: number;
  readonly converged: boolean;
}

// A probability of 0 could never recover from its logarithm; the bound is that of crowd-kit.
const LEAST = 1e-10;

/** Items that drew the same votes: everything is computed once for all of them. */
interface Group {
  readonly votes: readonly Vote[];
  items: number;
  probabilities: Float64Array;
}

interface Model {
  readonly labels: number;
  readonly priors: Float64Array;
  readonly errors: Map<number, Float64Array>;
}

/** Dawid and Skene (1979): finds the true labels and how each rater errs together, by expectation maximisation from the
 * shares of the votes. Anonymous votes are taken as one rater's. It needs raters who judged many items. */
export function dawidSkene(items: readonly (readonly Vote[])[], options: DawidSkeneOptions): DawidSkene {
  const { labels, maxRounds = 100, tolerance = 1e-5 } = options;
  const { groups, groupOf } = grouped(items, labels);
  let model = maximise(groups, labels);
  let bound = Number.NEGATIVE_INFINITY;
  let rounds = 0;
  let converged = false;
  while (rounds < maxRounds && !converged && groups.length > 0) {
    for (const group of groups) group.probabilities = expect(group, model);
    model = maximise(groups, labels);
    const next = boundPerVote(groups, model);
    converged = next - bound < tolerance;
    bound = next;
    rounds += 1;
  }
  return {
    probabilities: groupOf.map((group) => group.probabilities),
    priors: model.priors,
    errors: model.errors,
    rounds,
    converged,
  };
}

function grouped(items: readonly (readonly Vote[])[], labels: number): { groups: Group[]; groupOf: Group[] } {
  const byKey = new Map<string, Group>();
  const groupOf = items.map((votes) => {
    const sorted = votes.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    const key = sorted.join(' ');
    const group = byKey.get(key) ?? { votes: sorted, items: 0, probabilities: sharesOf(sorted, labels) };
    byKey.set(key, group);
    group.items += 1;
    return group;
  });
  return { groups: [...byKey.values()].filter(({ votes }) => votes.length > 0), groupOf };
}

function sharesOf(votes: readonly Vote[], labels: number): Float64Array {
  const shares = new Float64Array(labels);
  for (const [, label] of votes) shares[label] = (shares[label] ?? 0) + 1 / votes.length;
  return shares;
}

function maximise(groups: readonly Group[], labels: number): Model {
  const priors = new Float64Array(labels);
  const errors = new Map<number, Float64Array>();
  let total = 0;
  for (const { votes, items, probabilities } of groups) {
    total += items;
    for (const [truth, probability] of probabilities.entries()) {
      priors[truth] = (priors[truth] ?? 0) + items * probability;
    }
    for (const [rater, said] of votes) addTo(errorsOf(errors, rater, labels), said, probabilities, items);
  }
  for (const matrix of errors.values()) normalise(matrix, labels);
  return { labels, priors: priors.map((prior) => Math.max(prior / total, LEAST)), errors };
}

// NaN marks what a rater never said: it takes part in no sum.
function errorsOf(errors: Map<number, Float64Array>, rater: number, labels: number): Float64Array {
  const known = errors.get(rater) ?? new Float64Array(labels * labels).fill(Number.NaN);
  errors.set(rater, known);
  return known;
}

function addTo(matrix: Float64Array, said: number, probabilities: Float64Array, items: number): void {
  const labels = probabilities.length;
  for (const [truth, probability] of probabilities.entries()) {
    const at = said * labels + truth;
    const before = matrix[at] ?? 0;
    matrix[at] = (Number.isNaN(before) ? 0 : before) + items * probability;
  }
}

function normalise(matrix: Float64Array, labels: number): void {
  for (let truth = 0; truth < labels; truth += 1) {
    let total = 0;
    for (let at = truth; at < matrix.length; at += labels) {
      const weight = matrix[at] ?? 0;
      if (!Number.isNaN(weight)) total += Math.max(weight, LEAST);
    }
    for (let at = truth; at < matrix.length; at += labels) {
      const weight = matrix[at] ?? 0;
      matrix[at] = Number.isNaN(weight) ? 0 : Math.max(weight, LEAST) / total;
    }
  }
}

/** Probabilities of an item's labels. In logarithms, shifted by the largest: products of many probabilities underflow. */
function expect({ votes }: Group, { labels, priors, errors }: Model): Float64Array {
  const logs = priors.map(Math.log);
  for (const [rater, said] of votes) {
    const matrix = errors.get(rater);
    for (let truth = 0; truth < labels; truth += 1) {
      logs[truth] = (logs[truth] ?? 0) + Math.log(matrix?.[said * labels + truth] ?? 0);
    }
  }
  const largest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const likelihoods = logs.map((log) => Math.exp(log - largest));
  const total = likelihoods.reduce((sum, likelihood) => sum + likelihood, 0);
  return likelihoods.map((likelihood) => likelihood / total);
}

// As crowd-kit computes it (the prior enters once per vote, not once per item), so that both stop in the same round.
function boundPerVote(groups: readonly Group[], { labels, priors, errors }: Model): number {
  let bound = 0;
  let count = 0;
  for (const { votes, items, probabilities } of groups) {
    count += votes.length * items;
    for (const [truth, probability] of probabilities.entries()) {
      const atLeast = Math.max(probability, LEAST);
      bound -= items * atLeast * Math.log(atLeast);
      for (const [rater, said] of votes) {
        const error = errors.get(rater)?.[said * labels + truth] ?? 0;
        bound += items * probability * (Math.log(error) + Math.log(priors[truth] ?? 0));
      }
    }
  }
  return bound / count;
}
