/** Which fault comes when, from a seed: the same seed gives the same faults at the same times. */
import { streamOf } from '@onegin/contracts';
import type { S3Behaviour } from '../support/faulty-s3.ts';

export type Fault =
  | { readonly kind: 'signal'; readonly service: string; readonly signal: 'SIGKILL' | 'SIGTERM' }
  | { readonly kind: 'redis'; readonly how: 'restart' | 'kill' | 'freeze'; readonly forMs: number }
  | { readonly kind: 'minio'; readonly forMs: number }
  | { readonly kind: 's3'; readonly behaviour: Exclude<S3Behaviour, 'pass'>; readonly forMs: number };

export interface PlannedFault {
  /** Since the one before was over. */
  readonly afterMs: number;
  readonly fault: Fault;
}

export const TRAINERS = ['trainer-1', 'trainer-2', 'trainer-3'] as const;
const REPLICAS = ['orchestrator', 'orchestrator-2'] as const;

const PAUSE_MS = { least: 300, most: 4000 };
const OUTAGE_MS = { least: 500, most: 5000 };

/** Trainers are hit most, as what they do takes longest. */
const kinds: readonly { readonly weight: number; readonly draw: (random: Random) => Fault }[] = [
  { weight: 6, draw: (random) => signal(random, TRAINERS) },
  { weight: 3, draw: (random) => signal(random, REPLICAS) },
  { weight: 1, draw: (random) => signal(random, ['gateway']) },
  { weight: 2, draw: (random) => signal(random, ['plotter']) },
  {
    weight: 2,
    draw: (random) => ({
      kind: 'redis',
      how: random.pick(['restart', 'kill', 'freeze'] as const),
      forMs: random.between(OUTAGE_MS),
    }),
  },
  { weight: 1, draw: (random) => ({ kind: 'minio', forMs: random.between(OUTAGE_MS) }) },
  {
    weight: 2,
    draw: (random) => ({
      kind: 's3',
      behaviour: random.pick(['break', 'silent', 'error', 'slow'] as const),
      forMs: random.between(OUTAGE_MS),
    }),
  },
];

/** Without an end. */
export function* faultPlan(seed: number): Generator<PlannedFault, never> {
  const random = new Random(seed);
  for (;;) yield { afterMs: random.between(PAUSE_MS), fault: random.weighted(kinds).draw(random) };
}

/** Every kind of fault once, in an order and with pauses that the seed draws: for a run that takes a minute. */
export function eachFaultOnce(seed: number): PlannedFault[] {
  const random = new Random(seed);
  const outage = () => random.between({ least: 500, most: 2000 });
  const faults: Fault[] = [
    { kind: 'signal', service: random.pick(TRAINERS), signal: 'SIGKILL' },
    { kind: 'signal', service: random.pick(TRAINERS), signal: 'SIGTERM' },
    { kind: 'signal', service: REPLICAS[0], signal: 'SIGKILL' },
    { kind: 'signal', service: REPLICAS[1], signal: 'SIGTERM' },
    { kind: 'signal', service: 'gateway', signal: 'SIGKILL' },
    { kind: 'signal', service: 'plotter', signal: 'SIGKILL' },
    { kind: 'redis', how: 'restart', forMs: outage() },
    { kind: 'minio', forMs: outage() },
    { kind: 's3', behaviour: 'error', forMs: outage() },
  ];
  return random
    .shuffled(faults)
    .map((fault) => ({ afterMs: random.between({ least: 300, most: 2500 }), fault }));
}

const signal = (random: Random, services: readonly string[]): Fault => ({
  kind: 'signal',
  service: random.pick(services),
  signal: random.pick(['SIGKILL', 'SIGTERM'] as const),
});

class Random {
  readonly #stream: ReturnType<typeof streamOf>;

  constructor(seed: number) {
    this.#stream = streamOf(seed, 'chaos');
  }

  between({ least, most }: { least: number; most: number }): number {
    return Math.round(least + this.#stream.uniform() * (most - least));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#stream.uniform() * choices.length)]!;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.#stream.uniform() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }

  weighted<T extends { weight: number }>(choices: readonly T[]): T {
    let left = this.#stream.uniform() * choices.reduce((sum, { weight }) => sum + weight, 0);
    return choices.find(({ weight }) => (left -= weight) < 0) ?? choices[0]!;
  }
}
