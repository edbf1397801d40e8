/** @type {import('jest').Config} */
export default {
  globalSetup: '<rootDir>/test/support/build.js',
  setupFiles: ['<rootDir>/test/support/properties.ts'],
  testEnvironment: '<rootDir>/test/support/host-realm.js',
  roots: ['<rootDir>/test'],
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.js'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
