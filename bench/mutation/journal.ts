/** What a run has found so far, a line each, so that one that was interrupted goes on where it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Baseline, Judgement } from './judge.ts';

type Line = { readonly baseline: Baseline } | { readonly mutant: string; readonly judgement: Judgement };

export class Journal {
  readonly #file: string;
  readonly baselines = new Map<string, Baseline>();
  readonly judgements = new Map<string, Judgement>();

  /** @param files all that a verdict depends on: when one of them changes, the run starts over */
  constructor(folder: string, files: readonly string[]) {
    const digest = createHash('sha256');
    for (const file of files) digest.update(file).update(readFileSync(file));
    mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, `${digest.digest('hex').slice(0, 16)}.ndjson`);
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n').filter(Boolean))
      this.#keep(JSON.parse(line) as Line);
  }

  add(line: Line): void {
    this.#keep(line);
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  #keep(line: Line): void {
    if ('baseline' in line) this.baselines.set(line.baseline.spec, line.baseline);
    else this.judgements.set(line.mutant, line.judgement);
  }
}
