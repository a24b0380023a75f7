import {
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  input,
  model,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import type { Architecture, EpochSummary, TrialMetrics } from '@onegin/contracts';
import { ChartThemes } from '../parts/chart/chart-theme.ts';
import { registerIcons } from '../parts/icon/provide-icons.ts';
import { SaveAs } from '../parts/save/save-as.ts';
import { EpochSlider } from './epoch-slider.ts';
import { explorerIcons } from './explorer-icons.ts';
import { exported, FORMAT_WORDS, PICTURE_FORMATS, type PictureFormat } from './export/export-picture.ts';
import { pngOf } from './export/rasterize.ts';
import { Legend } from './legend.ts';
import { LayerPanel } from './layer-panel.ts';
import { ExplorerState } from './model/explorer-state.ts';
import { COLOR_MODE_WORDS, COLOR_MODES, type ColorMode } from './model/paint.ts';
import { walked, walkOfKey } from './model/walk.ts';
import { prefersLessMotion } from './motion.ts';
import { NetworkDiagram } from './network-diagram.ts';
import { NetworkSpace } from './network-space.ts';
import { PassControls } from './pass-controls.ts';

const ZOOM_STEP = 1.25;
const TURN = Math.PI / 12;

/**
 * The network of a trial in 2D and 3D: shapes, health by layer and epoch, the forward and the backward pass. Shows
 * what it is given; who gives it `epochs` as they come shows a training live.
 */
@Component({
  selector: 'on-architecture-explorer',
  imports: [
    EpochSlider,
    LayerPanel,
    Legend,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    NetworkDiagram,
    NetworkSpace,
    PassControls,
  ],
  templateUrl: './architecture-explorer.html',
  styleUrl: './architecture-explorer.scss',
})
export class ArchitectureExplorer {
  readonly architecture = input.required<Architecture>();
  /** Of the study log; may grow while it is shown. */
  readonly epochs = input<readonly EpochSummary[]>([]);
  /** The full metrics, once the trial has them: they know more of each layer. */
  readonly metrics = input<TrialMetrics | null>(null);
  /** The trial trains. */
  readonly live = input(false);
  /** What the network is called in files and for screen readers, such as `trial 7`. */
  readonly name = input('network');

  /** Id of the chosen layer. */
  readonly layer = model<string | null>(null);
  readonly view = model<'2d' | '3d'>('2d');
  readonly mode = model<ColorMode>('kind');
  /** Number of the epoch shown; null follows the newest. */
  readonly shownEpoch = model<number | null>(null);

  /** The layer under the pointer, in whichever view, or with the focus in the list. */
  protected readonly pointed = signal<string | null>(null);

  readonly #files = inject(SaveAs);
  protected readonly diagram = viewChild(NetworkDiagram);
  protected readonly space = viewChild(NetworkSpace);

  protected readonly zoomStep = ZOOM_STEP;
  protected readonly modes = COLOR_MODES;
  protected readonly modeWords = COLOR_MODE_WORDS;
  protected readonly formats = PICTURE_FORMATS;
  protected readonly formatWords = FORMAT_WORDS;
  protected readonly canPlay = !prefersLessMotion();
  /** Why there is no 3D here; null while nothing speaks against it. */
  protected readonly no3d = signal<string | null>(null);
  protected readonly busy = signal(false);

  protected readonly theme = inject(ChartThemes).current;
  protected readonly state = new ExplorerState(
    {
      architecture: this.architecture,
      epochs: this.epochs,
      metrics: this.metrics,
      theme: this.theme,
      mode: this.mode,
      wantedEpoch: this.shownEpoch,
    },
    (epoch) => this.shownEpoch.set(epoch),
  );
  protected readonly look = computed(() => ({
    paints: this.state.paints(),
    theme: this.theme(),
    mode: this.mode(),
  }));
  protected readonly marks = computed(() => ({
    chosen: this.layer(),
    pointed: this.pointed(),
    pass: this.state.marks(),
    phase: this.state.step()?.phase ?? null,
  }));
  protected readonly is3d = computed(() => this.view() === '3d' && this.no3d() === null);
  protected readonly stageName = computed(
    () =>
      `${this.is3d() ? '3D view' : 'Diagram'} of ${this.name()}, ${this.architecture().totals.layers} layers. ` +
      'Arrow keys go from layer to layer, plus and minus zoom, 0 shows all.',
  );

  constructor() {
    registerIcons(explorerIcons);
    inject(DestroyRef).onDestroy(() => this.state.stop());
    effect(() => {
      const id = this.layer();
      if (id !== null) untracked(() => this.space()?.focusOn(id));
    });
  }

  /** The list goes when a layer is chosen, and with it what was pointed at in it. */
  protected choose(id: string | null): void {
    this.pointed.set(null);
    this.layer.set(id);
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#answered(event)) event.preventDefault();
  }

  protected zoom(factor: number): void {
    this.diagram()?.zoom(factor);
    this.space()?.zoom(factor);
  }

  protected fit(): void {
    this.diagram()?.fit();
    this.space()?.fit();
  }

  protected chooseEpoch(epoch: number | null): void {
    this.state.replay.stop();
    this.shownEpoch.set(epoch);
  }

  protected stepPass(by: 1 | -1): void {
    this.state.pass.stop();
    this.state.stepPass(by);
  }

  /** A picture of what is seen: in 3D the PNG is the scene, everything else is the diagram. */
  protected async save(format: PictureFormat): Promise<void> {
    this.busy.set(true);
    try {
      await this.#files.save(`${fileName(this.name())}-architecture.${format}`, () => this.#content(format));
    } finally {
      this.busy.set(false);
    }
  }

  async #content(format: PictureFormat): Promise<Blob> {
    const scene = format === 'png' ? this.space()?.picture() : null;
    if (scene) return pngOf(scene);
    return exported(format, {
      architecture: this.architecture(),
      layout: this.diagram()?.layout() ?? null,
      paints: this.state.paints(),
      mode: this.mode(),
      theme: this.theme(),
      title: `${this.name()}: ${this.architecture().totals.layers} layers`,
    });
  }

  /** Whether the key meant something here. */
  #answered({ key, shiftKey }: KeyboardEvent): boolean {
    const space = this.space();
    if (space && shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) {
      space.turn(key === 'ArrowLeft' ? -TURN : TURN);
      return true;
    }
    const walk = walkOfKey(key);
    if (walk) {
      this.layer.set(walked(this.architecture(), this.layer(), walk));
      return true;
    }
    if (key === 'Escape' && this.layer() !== null) this.layer.set(null);
    else if (key === '+' || key === '=') this.zoom(ZOOM_STEP);
    else if (key === '-') this.zoom(1 / ZOOM_STEP);
    else if (key === '0') this.fit();
    else return false;
    return true;
  }
}

/** A name that every file system takes. */
const fileName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80) || 'network';
