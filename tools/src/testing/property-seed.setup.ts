import fc from 'fast-check';

// Property tests draw the same cases in every run, so that a red run is about the change and not about luck. To look for new
// cases: ASSAY_PROPERTY_SEED=random, or any number.
const seed = process.env['ASSAY_PROPERTY_SEED'] ?? '20261121';
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
