import fc from 'fast-check';

// Randomness is a seed: a run repeats itself, and another seed is one variable away.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_122) });
