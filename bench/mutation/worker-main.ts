/** The process in which specs run: asked for one spec at a time, with or without a mutant, it says what came of it. */
import { readFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';
import { PROBES, withProbes } from './probes.ts';
import { warmJest } from './warm-jest.ts';

export interface SpecRun {
  readonly spec: string;
  readonly mutant: Pick<Mutant, 'file' | 'start' | 'end' | 'replacement'> | null;
  /** Begins of the paths whose functions are watched; none: nothing is. */
  readonly probed: readonly string[];
}

export interface SpecOutcome {
  readonly passed: boolean;
  readonly ms: number;
  readonly reached: readonly string[];
}

let run: SpecRun;

const runSpec = await warmJest((file) => {
  const { mutant, probed } = run;
  if (file === mutant?.file) {
    const text = readFileSync(file, 'utf8');
    return text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end);
  }
  const watched = probed.some((begin) => file.startsWith(begin)) && !file.endsWith('.spec.ts');
  return watched ? withProbes(file, readFileSync(file, 'utf8')) : null;
});

process.on('message', async (message: SpecRun) => {
  run = message;
  const reached = new Set<string>();
  (globalThis as Record<string, unknown>)[PROBES] = reached;
  const startedAt = performance.now();
  const passed = await runSpec(message.spec);
  const outcome: SpecOutcome = { passed, ms: performance.now() - startedAt, reached: [...reached] };
  process.send!(outcome);
});
process.on('disconnect', () => process.exit());
process.send!('ready');
