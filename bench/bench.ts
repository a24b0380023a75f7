/** What a bench is: a file `bench/NAME.bench.ts` whose default export is a `Bench`. */
export interface BenchArgs {
  /** `--key value` and `--key` (then `true`) after the bench's name. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** A whole number flag, or the given default. */
  number(key: string, fallback: number): number;
  /** A comma-separated flag, or the given default. */
  list(key: string, fallback: readonly string[]): readonly string[];
  /** Says on stderr how far the bench is. */
  progress(text: string): void;
}

export interface BenchResult {
  /** Heading of the section in docs/benchmarks.md. */
  readonly title: string;
  /** The table: one object per row, all with the same keys. Numbers are printed as they are. */
  readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[];
  /** Plain sentences under the table: what was measured, on what, what limits hold. */
  readonly notes: readonly string[];
  /** Whether every limit that the bench checks was met; leave out where it checks none. */
  readonly passed?: boolean;
}

export type Bench = (args: BenchArgs) => Promise<BenchResult> | BenchResult;
