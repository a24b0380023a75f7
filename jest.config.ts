import type { Config } from 'jest';

const common: Config = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // What an ES module in Node sees is what a spec sees; tfjs needs the outer realm's typed arrays.
  testEnvironment: '<rootDir>/tools/jest/outer-realm-environment.cjs',
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/data', '<rootDir>/frontend'],
};

const config: Config = {
  // A limit against hanging, not a statement about speed: specs start real servers, on machines that may be busy.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,tools,bench}/**/*.spec.ts'],
    },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/tests/**/*.spec.ts'] },
  ],
};

export default config;
