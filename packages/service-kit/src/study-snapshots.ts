/**
 * Snapshots: a study's state beside its log, so that a reader starts there instead of at the first event.
 *
 * A trial with an outcome never changes, nor do charts that are drawn. So each is written once, in a block with others
 * of its time, and the head, which is rewritten every time, holds only what may still change. A snapshot of ten
 * thousand trials then costs what has happened since the last one, and not the ten thousand.
 *
 * In Redis it is one hash: `head`, and a field per block. Each value is JSON, compressed.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Redis } from 'ioredis';
import { hasOutcome, objectiveValues, packTrials, unpackTrials } from '@onegin/contracts';
import type { PlotsState, StudyState, TrialBlock, TrialState } from '@onegin/contracts';
import { redisKeys } from './redis-keys.ts';

/** Changes whenever a stored snapshot of an older version can't be folded on. */
const VERSION = 3;
/** Trials or chart sets in a block; fewer wait in the head. */
const BLOCK = 200;
const HEAD = 'head';

interface Block {
  readonly trials: readonly TrialState[];
  readonly plots: readonly PlotsState[];
}

/** A block as it is stored: what ten thousand trials have in common is said once, and read several times as fast. */
interface StoredBlock {
  readonly trials: TrialBlock;
  readonly plots: readonly PlotsState[];
}

interface Head extends Block {
  readonly version: number;
  /** Blocks 0 to this one, exclusive, belong to it; what else lies there does not. */
  readonly blocks: number;
  readonly state: Omit<StudyState, 'trials' | 'plots'>;
}

/** What lies in the blocks of a state's snapshot. */
interface Written {
  blocks: number;
  readonly trials: Set<number>;
  /** Charts that were asked for again since are another run, and count in the head. */
  readonly plots: Map<string, number>;
}

const nothing = (): Written => ({ blocks: 0, trials: new Set(), plots: new Map() });

export class StudySnapshots {
  readonly #redis: Redis;
  /** Of states that this process holds: one that was just read knows what it was read from, and no more. */
  readonly #written = new WeakMap<StudyState, Written>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * The state as it was kept last.
   * @param lastSeq of the log: a Redis that lost its last writes may hold a snapshot of events that are gone.
   * @returns null where there is none, or none that can be used: then the log is folded from its first event
   */
  async read(jobId: string, lastSeq: number): Promise<StudyState | null> {
    const fields = await this.#redis.hgetallBuffer(redisKeys.snapshot(jobId));
    if (!fields[HEAD]) return null;
    const head = await unpacked<Head>(fields[HEAD]);
    if (head.version !== VERSION || head.state.seq > lastSeq) return null;
    const written = nothing();
    const state: StudyState = { ...head.state, trials: [], plots: {} };
    for (; written.blocks < head.blocks; written.blocks++) {
      const packed = fields[blockName(written.blocks)];
      if (!packed) return null;
      const { trials, plots } = await unpacked<StoredBlock>(packed);
      const block = { trials: unpackTrials(trials), plots };
      put(state, block);
      remember(written, block);
    }
    put(state, head);
    state.trials.sort((a, b) => a.number - b.number);
    this.#written.set(state, written);
    return state;
  }

  /** Keeps the state. Costs what is open or came since the last time. */
  async write(state: StudyState): Promise<void> {
    const key = redisKeys.snapshot(state.jobId);
    const stored = (await this.#redis.hkeys(key)).filter((field) => field !== HEAD).length;
    const before = this.#written.get(state) ?? nothing();
    // A Redis that lost blocks gets all of them again.
    const written = stored < before.blocks ? nothing() : copyOf(before);
    // All text is made in one go, for the state may go on while it is compressed.
    const texts = new Map<string, string>();
    for (const block of newBlocks(state, written)) {
      texts.set(
        blockName(written.blocks),
        JSON.stringify({ trials: packTrials(block.trials), plots: block.plots } satisfies StoredBlock),
      );
      remember(written, block);
      written.blocks++;
    }
    texts.set(HEAD, JSON.stringify(headOf(state, written)));
    const fields = await Promise.all(
      [...texts].map(async ([name, text]) => [name, await packed(text)] as const),
    );
    await this.#redis.hset(key, new Map<string, Buffer>(fields));
    this.#written.set(state, written);
  }
}

const blockName = (index: number): string => `block:${index}`;

function headOf(state: StudyState, written: Written): Head {
  const { trials: _trials, plots: _plots, ...rest } = state;
  return { version: VERSION, blocks: written.blocks, state: rest, ...openOf(state, written) };
}

/** What is in no block. */
const openOf = (state: StudyState, written: Written): Block => ({
  trials: state.trials.filter(({ number }) => !written.trials.has(number)),
  plots: Object.values(state.plots).filter(({ target, run }) => written.plots.get(String(target)) !== run),
});

/** Full blocks of what has come to its end and is in none yet. */
function newBlocks(state: StudyState, written: Written): Block[] {
  const open = openOf(state, written);
  const trials = open.trials.filter(({ status }) => hasOutcome(status));
  const plots = open.plots.filter(({ status }) => status !== 'queued');
  const count = Math.floor(Math.max(trials.length, plots.length) / BLOCK);
  return Array.from({ length: count }, (_, i) => ({
    trials: trials.slice(i * BLOCK, (i + 1) * BLOCK),
    plots: plots.slice(i * BLOCK, (i + 1) * BLOCK),
  }));
}

function remember(written: Written, { trials, plots }: Block): void {
  for (const { number } of trials) written.trials.add(number);
  for (const { target, run } of plots) written.plots.set(String(target), run);
}

const copyOf = ({ blocks, trials, plots }: Written): Written => ({
  blocks,
  trials: new Set(trials),
  plots: new Map(plots),
});

function put(state: StudyState, { trials, plots }: Block): void {
  for (const trial of trials) {
    // JSON has no NaN; an objective value that could not be measured comes back as it was computed.
    if (trial.result && trial.values?.some((value) => (value as number | null) === null))
      trial.values = objectiveValues(state.config.objective, trial.result);
    state.trials.push(trial);
  }
  for (const charts of plots) state.plots[String(charts.target)] = charts;
}

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The fastest level makes a sixth of it; the best one would take five times as long for little more. */
const packed = (text: string): Promise<Buffer> => deflate(text, { level: 1 });

const unpacked = async <T>(bytes: Buffer): Promise<T> => JSON.parse((await inflate(bytes)).toString()) as T;
