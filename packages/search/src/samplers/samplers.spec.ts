import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { samplerNameSchema } from '@onegin/contracts';

describe('samplers', () => {
  it.each(samplerNameSchema.options)('hold %s to the contract, in a spec of its own', (name) => {
    expect(existsSync(new URL(`./${name}.spec.ts`, import.meta.url))).toBe(true);
  });
});
