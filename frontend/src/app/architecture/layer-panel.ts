import { Component, computed, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { Architecture, ArchitectureLayer } from '@onegin/contracts';
import { LAYER_KINDS } from './model/layer-kinds.ts';
import { layerFacts, layerMeasures, unitsAfter } from './model/layer-facts.ts';
import type { EpochOfLayers } from './model/layer-signals.ts';
import { count, findingSentence, shapeWords } from './model/layer-words.ts';
import type { LayerPaint } from './model/paint.ts';
import { sparkline } from './model/sparkline.ts';
import { walked } from './model/walk.ts';

/** Beside the picture: the whole network and its layers as a list, or one layer and all that is known of it. */
@Component({
  selector: 'on-layer-panel',
  imports: [MatIcon, MatIconButton],
  templateUrl: './layer-panel.html',
  styleUrl: './layer-panel.scss',
})
export class LayerPanel {
  readonly architecture = input.required<Architecture>();
  readonly epochs = input.required<readonly EpochOfLayers[]>();
  readonly epoch = input<EpochOfLayers>();
  readonly paints = input.required<ReadonlyMap<string, LayerPaint>>();
  readonly chosenId = input<string | null>(null);
  readonly chosen = output<string | null>();
  /** The layer of the list under the pointer or with the focus; null: none any more. */
  readonly pointed = output<string | null>();

  protected readonly layer = computed(() =>
    this.architecture().layers.find(({ id }) => id === this.chosenId()),
  );
  protected readonly kind = computed(() => {
    const layer = this.layer();
    return layer && LAYER_KINDS[layer.type];
  });
  protected readonly given = computed(() => {
    const { layers } = this.architecture();
    const layer = this.layer();
    return layer && layers[layers.indexOf(layer) - 1];
  });
  protected readonly facts = computed(() => {
    const layer = this.layer();
    return layer ? layerFacts(layer) : [];
  });
  protected readonly measures = computed(() => {
    const measures = this.epoch()?.layers.get(this.chosenId() ?? '');
    return measures ? layerMeasures(measures) : [];
  });
  protected readonly findings = computed(() => {
    const health = this.epoch()?.health.get(this.chosenId() ?? '');
    return (health?.findings ?? []).map((finding) => ({ finding, sentence: findingSentence(finding) }));
  });
  /** Where the units of a layer are looked at: after the activation that follows it. */
  protected readonly unitsAt = computed(() => {
    const layer = this.layer();
    return layer ? unitsAfter(this.architecture(), layer, this.epoch()) : null;
  });
  protected readonly trends = computed(() => {
    const id = this.chosenId();
    if (id === null || this.epochs().length < 2) return [];
    const over = (name: string, of: 'gradientNorm' | 'updateRatio' | 'dead', log: boolean) => ({
      name,
      path: sparkline(
        this.epochs().map(({ layers }) => layers.get(id)?.[of] ?? null),
        { log },
      ),
    });
    return [
      over('Gradient over the epochs', 'gradientNorm', true),
      over('Step over the epochs', 'updateRatio', true),
      over('Dead units over the epochs', 'dead', false),
    ].filter(({ path }) => path !== '');
  });
  protected readonly epochAt = computed(() => {
    const all = this.epochs();
    const epoch = this.epoch();
    return all.length < 2 || !epoch ? 0 : all.indexOf(epoch) / (all.length - 1);
  });

  protected readonly count = count;
  protected readonly shapeWords = shapeWords;

  protected megabytes(bytes: number): string {
    return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  }

  protected paintOf({ id }: ArchitectureLayer): LayerPaint | undefined {
    return this.paints().get(id);
  }

  protected walk(to: 'next' | 'previous'): void {
    this.chosen.emit(walked(this.architecture(), this.chosenId(), to));
  }
}
