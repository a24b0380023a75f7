import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

// V8's nursery, which it doubles when it likes, is given its final size: its growth is no leak and would look like one.
const FLAGS = ['--expose-gc', '--min-semi-space-size=16', '--max-semi-space-size=16'];
const script = new URL('../testing/many-trials.ts', import.meta.url).pathname;

describe('memory over 50 trials in one process', () => {
  it.each(['native', 'wasm'])(
    '%s: stays flat',
    (engine) => {
      const output = execFileSync(process.execPath, [...FLAGS, script, engine, '50'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { megabytes, held } = JSON.parse(output) as { megabytes: number[]; held: number };
      expect(megabytes.length).toBe(50);
      expect(held).toBe(0);
      // Twenty trials see every size a few times, so that caches and pools are as large as they get. The lowest of
      // ten counts: what is resident above it was given back or could be, while a leak lifts all ten.
      const floor = (from: number, to: number) => Math.min(...megabytes.slice(from, to));
      const growth = floor(40, 50) / floor(20, 30);
      expect(growth).toBeGreaterThan(0.9);
      expect(growth).toBeLessThan(1.05);
    },
    600_000,
  );
});
