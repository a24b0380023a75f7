/**
 * What every pruner is: a pure function of a trial and the history. A pruner holds options, never state, so
 * that any process that has the history gives the same answer.
 */
import type { Direction, Trial } from '../trial-history.ts';

export interface PrunerConfig {
  /** One direction per objective. */
  readonly directions: readonly Direction[];
  /** Steps of a full trial. */
  readonly maxSteps: number;
  /** The study's seed. */
  readonly seed: number;
}

export interface Judgement {
  /** `pause`: keep a checkpoint, the trial may go on later. `prune`: the trial ends. */
  readonly verdict: 'continue' | 'pause' | 'prune';
  /** One sentence for people. */
  readonly reason: string;
}

export interface PromotionOptions {
  /** No further trial will be asked for: then at least one trial of every rung goes on, so that one completes. */
  readonly closing?: boolean;
}

export interface Pruner {
  readonly name: string;
  /**
   * What becomes of a running trial after its last report. The trial may stand in the history or not; where it
   * does, the one passed counts. Without any report, a trial continues.
   */
  judge(trial: Trial, history: readonly Trial[]): Judgement;
  /** Number of the paused trial that should go on next; null where none deserves it. */
  nextPromotion(history: readonly Trial[], options?: PromotionOptions): number | null;
  /**
   * The step at which a trial that has done `step` steps may next have to pause, maxSteps where it won't: how
   * far it can be sent without asking. A trial that `judge` lets go on at that step goes on from there.
   */
  runsUntil(number: number, step: number): number;
  /**
   * What a sampler should learn from for this trial number: all trials or those of one bracket, and where trials
   * end at different rungs, with the values that they had at one and the same.
   */
  peers(number: number, history: readonly Trial[]): readonly Trial[];
}

export const goOn = (reason: string): Judgement => ({ verdict: 'continue', reason });
export const pause = (reason: string): Judgement => ({ verdict: 'pause', reason });
export const prune = (reason: string): Judgement => ({ verdict: 'prune', reason });

/** A pruner that only stops: it pauses nothing, so it promotes nothing, and every trial is a peer. */
export const stoppingPruner = (name: string, { maxSteps }: PrunerConfig, judge: Pruner['judge']): Pruner => ({
  name,
  judge,
  nextPromotion: () => null,
  runsUntil: () => maxSteps,
  peers: (_number, history) => history,
});
