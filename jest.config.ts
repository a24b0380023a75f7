import type { Config } from 'jest';

const swc = [
  '@swc/jest',
  { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
] as [string, Record<string, unknown>];

const common: Config = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  // What an ES module in Node sees is what a spec sees; tfjs needs the outer realm's typed arrays.
  testEnvironment: '<rootDir>/tools/jest/outer-realm-environment.cjs',
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/data', '<rootDir>/frontend/dist'],
};

/** Components of the web UI, in jsdom. */
const web: Config = {
  displayName: 'web',
  testMatch: ['<rootDir>/frontend/src/**/*.spec.ts'],
  testEnvironment: '<rootDir>/tools/jest/browser-environment.cjs',
  setupFilesAfterEnv: ['<rootDir>/frontend/src/test-setup.ts'],
  modulePathIgnorePatterns: common.modulePathIgnorePatterns ?? [],
  extensionsToTreatAsEsm: ['.ts', '.html', '.svg'],
  moduleFileExtensions: ['ts', 'html', 'svg', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^tslib$': 'tslib/tslib.es6.js' },
  transformIgnorePatterns: ['node_modules/(?!@material-symbols/)'],
  transform: {
    '/packages/.+\\.ts$': swc,
    '\\.(html|svg)$': '<rootDir>/tools/jest/text-module.cjs',
    '\\.ts$': [
      'jest-preset-angular',
      { tsconfig: '<rootDir>/frontend/tsconfig.spec.json', useESM: true, diagnostics: false },
    ],
  },
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
    web,
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/tests/**/*.spec.ts'] },
  ],
};

export default config;
