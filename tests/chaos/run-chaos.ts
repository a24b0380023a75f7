/** Studies under faults for a while, then proof from their logs that nothing was lost and nothing doubled. */
import { setTimeout as delay } from 'node:timers/promises';
import type { OptimizationRequestInput, StudyEvent } from '@onegin/contracts';
import { artifactFaults, logFaults } from '../support/check-log.ts';
import { lingering } from '../support/lingering.ts';
import { smallCnn } from '../support/onegin.ts';
import { ChaosWorld } from './chaos-world.ts';
import { faultPlan, type Fault, type PlannedFault } from './fault-plan.ts';

export interface ChaosReport {
  readonly seed: number;
  readonly seconds: number;
  readonly studies: number;
  /** How often each fault was inflicted. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often each event stands in the logs; shows that the faults hit something. */
  readonly events: Readonly<Record<string, number>>;
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[];
}

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults go on at most. */
  readonly forMs: number;
  /** Faults drawn from the seed without an end when absent. */
  readonly plan?: Iterable<PlannedFault>;
  readonly say?: (line: string) => void;
}

const TRIALS = 4;
const EPOCHS = 3;
/** After the last fault a study comes to its end within this time, or it never does. */
const CALM_MS = 240_000;
const EMPTY_MS = 60_000;

/** Every second seed pauses and promotes trials as well. */
const requestOf = (seed: number, study: number): OptimizationRequestInput => ({
  dataset: 'mnist-10k',
  trials: TRIALS,
  epochs: EPOCHS,
  seed: seed * 1000 + study,
  sampler: 'random',
  searchSpace: smallCnn,
  ...(seed % 2 === 0 && { pruner: { name: 'asha', minSteps: 1, reduction: 2 } }),
});

export async function runChaos({
  seed,
  forMs,
  plan = faultPlan(seed),
  say: tell = () => undefined,
}: ChaosOptions): Promise<ChaosReport> {
  const startedAt = performance.now();
  const say = (line: string): void =>
    tell(`${((performance.now() - startedAt) / 1000).toFixed(1)} s, seed ${seed}: ${line}`);
  const world = await ChaosWorld.start();
  say('started');
  const problems: string[] = [];
  const logs: StudyEvent[][] = [];
  try {
    const calm = new AbortController();
    let faults: Promise<Fault[]> = Promise.resolve([]);
    do {
      const study = logs.length;
      const jobId = await submitted(world, requestOf(seed, study));
      if (study === 0) {
        // Faults before anything is trained would hit nothing.
        await world.onegin.until(
          jobId,
          (events) => events.some(({ type }) => type === 'EpochEnded'),
          CALM_MS,
        );
        faults = inflictFaults(world, plan, { forMs, say }).finally(() => calm.abort());
      }
      const events = await endOf(world, jobId, calm.signal);
      logs.push(events);
      say(`${jobId} ended`);
      problems.push(...(await problemsOf(world, jobId, events, faults)));
    } while (!calm.signal.aborted);
    const inflicted = await faults;
    problems.push(...(await lingeringIn(world)));
    say('checked');
    if (problems.length > 0) say(world.onegin.lines.slice(-60).join('\n'));
    return {
      seed,
      seconds: (performance.now() - startedAt) / 1000,
      studies: logs.length,
      faults: counted(inflicted.map(nameOf)),
      events: counted(logs.flat().map(({ type }) => type)),
      problems,
    };
  } finally {
    await world.stop();
  }
}

async function inflictFaults(
  world: ChaosWorld,
  plan: Iterable<PlannedFault>,
  { forMs, say }: { forMs: number; say: (line: string) => void },
): Promise<Fault[]> {
  const inflicted: Fault[] = [];
  const end = performance.now() + forMs;
  for (const { afterMs, fault } of plan) {
    await delay(afterMs);
    if (performance.now() >= end) break;
    say(JSON.stringify(fault));
    await world.inflict(fault);
    inflicted.push(fault);
  }
  return inflicted;
}

/** A gateway or a Redis that is unreachable is asked again, with a key, so that the job is one. */
async function submitted(world: ChaosWorld, request: OptimizationRequestInput): Promise<string> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const init = { method: 'POST', headers, body: JSON.stringify(request) };
  for (const deadline = performance.now() + CALM_MS; ; await delay(250)) {
    try {
      return (await world.onegin.ask<{ jobId: string }>('optimize', init)).jobId;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

const isEnd = ({ type }: StudyEvent): boolean => /^Job(Completed|Failed|Cancelled)$/.test(type);

/** While faults go on there is no limit; after them there is. */
async function endOf(world: ChaosWorld, jobId: string, calm: AbortSignal): Promise<StudyEvent[]> {
  let events: StudyEvent[] = [];
  for (let calmSince: number | null = null; ; await delay(500)) {
    events = await world.onegin.events(jobId).catch(() => events);
    if (events.some(isEnd)) return events;
    if (calm.aborted) calmSince ??= performance.now();
    if (calmSince !== null && performance.now() - calmSince > CALM_MS) return events;
  }
}

/** @param faults artifacts are read when the store is back */
async function problemsOf(
  world: ChaosWorld,
  jobId: string,
  events: readonly StudyEvent[],
  faults: Promise<unknown>,
): Promise<string[]> {
  const found = logFaults(events);
  const end = events.at(-1);
  if (end?.type !== 'JobCompleted')
    found.push(`the job did not complete; its log ends with ${JSON.stringify(events.slice(-4))}`);
  const trials = events.filter((event) => event.type === 'TrainingQueued' && event.target !== 'final').length;
  if (trials !== TRIALS) found.push(`${trials} trials, expected ${TRIALS}`);
  await faults;
  found.push(...(await artifactFaults(events, world.onegin.store)));
  return found.map((problem) => `${jobId}: ${problem}`);
}

/** Entries of calls that came late are taken and dropped; then the queues are empty. */
async function lingeringIn(world: ChaosWorld): Promise<string[]> {
  let left: string[] = [];
  for (const deadline = performance.now() + EMPTY_MS; performance.now() < deadline; await delay(500)) {
    left = await lingering(world.redis.url);
    if (left.length === 0) return [];
  }
  return left.map((key) => `left in Redis: ${key}`);
}

const nameOf = (fault: Fault): string => {
  switch (fault.kind) {
    case 'signal':
      return `${fault.signal} ${fault.service}`;
    case 'redis':
      return `redis ${fault.how}`;
    case 'minio':
      return 'minio killed';
    case 's3':
      return `s3 ${fault.behaviour}`;
  }
};

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
