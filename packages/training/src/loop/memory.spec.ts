import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

/**
 * What moves by itself is held still, for it looks like a leak: V8's nursery, which doubles when it likes, has its final
 * size; its other threads, whose memory comes in steps of up to twenty megabytes at any moment, do their work in the
 * main one; and malloc keeps one heap and gives back what is free.
 */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=16', '--max-semi-space-size=16'];
const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };
const script = new URL('../testing/many-trials.ts', import.meta.url).pathname;

describe('memory over 50 trials in one process', () => {
  it.each(['native', 'wasm'])(
    '%s: stays flat',
    (engine) => {
      const output = execFileSync(process.execPath, [...FLAGS, script, engine, '50'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, ...MALLOC },
      });
      const { megabytes, held } = JSON.parse(output) as { megabytes: number[]; held: number };
      expect(megabytes.length).toBe(50);
      expect(held).toBe(0);
      // Twenty trials see every size a few times, so that caches and pools are as large as they get. The lowest of
      // ten counts: what is resident above it was given back or could be, while a leak lifts all ten.
      const floor = (from: number, to: number) => Math.min(...megabytes.slice(from, to));
      const growth = floor(40, 50) / floor(20, 30);
      expect(growth).toBeGreaterThan(0.95);
      expect(growth).toBeLessThan(1.05);
    },
    600_000,
  );
});
