/** @type {import('jest').Config} */
export default {
  globalSetup: '<rootDir>/test/support/build.js',
  setupFiles: ['<rootDir>/test/support/properties.ts'],
  testEnvironment: '<rootDir>/test/support/host-realm.js',
  roots: ['<rootDir>/test'],
  // No test asserts a time. A machine that stalls for seconds must not fail one.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.js'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
