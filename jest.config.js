// A campaign that is multiplied has its time multiplied.
const TIMES = Math.max(1, Number(process.env.RELIABILITY_RUNS ?? 1));

/** @type {import('jest').Config} */
export default {
  globalSetup: '<rootDir>/test/support/build.js',
  setupFiles: ['<rootDir>/test/support/properties.ts'],
  testEnvironment: '<rootDir>/test/support/host-realm.js',
  roots: ['<rootDir>/test'],
  // No test asserts a time. This only ends what hangs, so it is far above what a slow machine needs that stalls for
  // seconds; no test names a shorter one (test/rooms/time-limits.test.ts).
  testTimeout: 600_000 * TIMES,
  // By default jest leaves one core of two idle.
  maxWorkers: 2,
  // A worker keeps what the modules of its suites hold; a fresh one is faster.
  workerIdleMemoryLimit: '1GB',
  reporters: [
    'default',
    '<rootDir>/test/support/skipped-reporter.js',
    '<rootDir>/test/support/end-reporter.js',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
