/** Uniform in [0, 1). Seeded: the same seed gives the same numbers on every machine. */
export type Random = () => number;

/** sfc32, seeded through splitmix32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let [a, b, c, counter] = [next(), next(), next(), 1];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
}

/** How many of `trials` succeed, each with `probability`. Exact for any size: the time does not grow with `trials`,
 * which a bootstrap of half a million documents needs. */
export function binomial(random: Random, trials: number, probability: number): number {
  if (trials === 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(random, trials, 1 - probability);
  return trials * probability < 10
    ? binomialByInversion(random, trials, probability)
    : binomialByRejection(random, trials, probability);
}

// Adds up gaps between successes (geometric): about trials × probability steps.
function binomialByInversion(random: Random, trials: number, probability: number): number {
  const logFailure = Math.log1p(-probability);
  let successes = -1;
  let used = 0;
  while (used <= trials) {
    used += Math.floor(Math.log(1 - random()) / logFailure) + 1;
    successes += 1;
  }
  return successes;
}

// BTRS of Hörmann (1993), transformed rejection with squeeze; the names are those of the paper.
function binomialByRejection(random: Random, trials: number, p: number): number {
  const spread = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * p);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > trials) continue;
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logRatio(trials, p, mode, k)) return k;
  }
}

/** log of P(k) / P(mode). */
function logRatio(n: number, p: number, mode: number, k: number): number {
  const odds = p / (1 - p);
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
    (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirlingTail(mode) +
    stirlingTail(n - mode) -
    stirlingTail(k) -
    stirlingTail(n - k)
  );
}

/** log k! minus Stirling's formula. */
function stirlingTail(k: number): number {
  const next = k + 1;
  const square = next * next;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / next;
}
