/** What the explorer shows: one place for the chosen layer, epoch, colours and picture of the pass. */
import { computed, signal, type Signal } from '@angular/core';
import type { Architecture, EpochSummary, TrialMetrics } from '@onegin/contracts';
import type { ChartTheme } from '@onegin/charts';
import { legendOf } from './layer-kinds.ts';
import { epochsFromLog, epochsFromMetrics, type EpochOfLayers } from './layer-signals.ts';
import { paintsOf, type ColorMode } from './paint.ts';
import { passMarks, passSteps, stepped } from './pass.ts';
import { Player } from './player.ts';

export interface ExplorerInputs {
  readonly architecture: Signal<Architecture>;
  readonly epochs: Signal<readonly EpochSummary[]>;
  readonly metrics: Signal<TrialMetrics | null>;
  readonly theme: Signal<ChartTheme>;
  readonly mode: Signal<ColorMode>;
  /** The epoch that was asked for; null follows the newest. */
  readonly wantedEpoch: Signal<number | null>;
}

const PASS_MS = 450;
const REPLAY_MS = 700;

export class ExplorerState {
  readonly epochs: Signal<readonly EpochOfLayers[]>;
  /** The epoch shown; undefined before the first has ended. */
  readonly epoch: Signal<EpochOfLayers | undefined>;
  readonly paints;
  readonly legend;
  readonly steps;
  /** Picture of the pass: -1 before the first. */
  readonly at;
  readonly step;
  readonly marks;
  readonly pass: Player;
  readonly replay: Player;

  readonly #picture = signal(-1);
  readonly #showEpoch: (epoch: number | null) => void;

  /** @param showEpoch asks for another epoch */
  constructor(inputs: ExplorerInputs, showEpoch: (epoch: number | null) => void) {
    this.#showEpoch = showEpoch;
    const { architecture, epochs, metrics, theme, mode, wantedEpoch } = inputs;
    this.epochs = computed(() => {
      const full = metrics();
      return full && full.epochs.length > 0 ? epochsFromMetrics(full.epochs) : epochsFromLog(epochs());
    });
    this.epoch = computed(() => {
      const all = this.epochs();
      const wanted = wantedEpoch();
      return all.find(({ epoch }) => epoch === wanted) ?? all.at(-1);
    });
    this.paints = computed(() =>
      paintsOf(architecture(), { mode: mode(), theme: theme(), epoch: this.epoch() }),
    );
    this.legend = computed(() => legendOf(architecture()));
    this.steps = computed(() => passSteps(architecture(), this.epoch()));
    this.at = this.#picture.asReadonly();
    this.step = computed(() => this.steps()[this.#picture()] ?? null);
    this.marks = computed(() => passMarks(this.steps(), this.#picture()));
    this.pass = new Player(() => this.stepPass(1), PASS_MS);
    this.replay = new Player(() => this.#nextEpoch(), REPLAY_MS);
  }

  /** Whether there is a further picture in this direction afterwards. */
  stepPass(by: 1 | -1): boolean {
    const steps = this.steps();
    const to = stepped(steps, this.#picture(), by);
    this.#picture.set(to);
    return by === 1 ? to < steps.length - 1 : to > -1;
  }

  playPass(): void {
    if (!this.pass.playing() && this.#picture() >= this.steps().length - 1) this.#picture.set(-1);
    this.pass.toggle();
  }

  endPass(): void {
    this.pass.stop();
    this.#picture.set(-1);
  }

  /** Replays the training from its first epoch, or goes on from the one shown. */
  playEpochs(): void {
    const all = this.epochs();
    const isLast = this.epoch() === all.at(-1);
    if (!this.replay.playing() && isLast) {
      this.#showEpoch(all[0]?.epoch ?? null);
      if (all.length < 2) return;
    }
    this.replay.toggle();
  }

  stop(): void {
    this.pass.stop();
    this.replay.stop();
  }

  #nextEpoch(): boolean {
    const all = this.epochs();
    const now = this.epoch();
    const next = all[now ? all.indexOf(now) + 1 : 0];
    // The last one follows what is still to come.
    if (next) this.#showEpoch(next === all.at(-1) ? null : next.epoch);
    return next !== undefined && next !== all.at(-1);
  }
}
