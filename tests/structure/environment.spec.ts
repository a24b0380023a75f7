import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { environmentReads } from './environment-readers.ts';
import { shippedSources } from './source-files.ts';

/** Files beside config.ts that may; each must still do so. */
const exceptions: Record<string, string> = {
  'packages/cli/src/main.ts': 'a command is handed the environment of the one who types it, as a whole',
  'packages/training/src/engine/pick-engine.ts':
    'TensorFlow reads its number of threads from the environment when it is loaded',
};

describe('reading the environment', () => {
  it.each([
    'const port = process.env.PORT;',
    "const port = process['env'].PORT;",
    'const port = globalThis.process.env.PORT;',
    'const { env } = process;',
    'const { env: environment, argv } = process;',
    "import { env } from 'node:process';",
    'run(config = process.env);',
  ])('is found in: %s', (text) => {
    expect(environmentReads('planted.ts', text)).toEqual([1]);
  });

  it.each([
    'const port = config.env.PORT;',
    'const { argv } = process;',
    "import { argv } from 'node:process';",
    "const text = 'process.env';",
    '// process.env',
  ])('is not found in: %s', (text) => {
    expect(environmentReads('planted.ts', text)).toEqual([]);
  });

  it('happens in config.ts only', () => {
    const readers = shippedSources()
      .filter(({ path, text }) => environmentReads(path, text).length > 0)
      .map(({ path }) => path);
    expect(readers.some((path) => basename(path) === 'config.ts')).toBe(true);
    expect(readers.filter((path) => basename(path) !== 'config.ts').sort()).toEqual(
      Object.keys(exceptions).sort(),
    );
  });
});
