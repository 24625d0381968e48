import fc from 'fast-check';

// Property tests draw the same cases in every run, so that a red run is about the change and not about luck. To look for new
// cases: ASSAY_PROPERTY_SEED=random, or any number; ASSAY_PROPERTY_RUNS for more of them where a test names no number itself.
const seed = process.env['ASSAY_PROPERTY_SEED'] ?? '20261121';
const runs = process.env['ASSAY_PROPERTY_RUNS'];
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
