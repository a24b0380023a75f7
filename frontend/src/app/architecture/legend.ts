import { Component, computed, input } from '@angular/core';
import type { ChartTheme } from '@onegin/charts';
import { LAYER_KINDS, type LegendEntry } from './model/layer-kinds.ts';
import type { ColorMode } from './model/paint.ts';

/** What the two ends of the scale mean. */
const ENDS: Readonly<Record<Exclude<ColorMode, 'kind'>, readonly [string, string]>> = {
  health: ['0, ill', '1, healthy'],
  performance: ['0% right', '100% right'],
  parameters: ['few parameters', 'most parameters'],
};

/** What the colours mean: the kinds of layer that are there, or the scale. */
@Component({
  selector: 'on-architecture-legend',
  template: `
    @if (ends(); as between) {
      <span class="ends">
        <span>{{ between[0] }}</span>
        <span class="scale" [style.background]="gradient()"></span>
        <span>{{ between[1] }}</span>
      </span>
      <span class="entry"><span class="swatch dashed"></span>nothing to measure</span>
    } @else {
      <ul aria-label="Kinds of layers">
        @for (kind of kinds(); track kind.type) {
          <li class="entry" [title]="kind.explanation">
            <span class="swatch" [style.background]="kind.color"></span>{{ kind.word }}
            <span class="muted">× {{ kind.count }}</span>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host,
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      align-items: center;
      font-size: 0.87rem;
    }

    .entry {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }

    .swatch {
      width: 12px;
      height: 12px;
      border-radius: 2px;
    }

    .dashed {
      border: 1px dashed var(--on-muted);
    }

    .ends {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      max-width: 100%;
      white-space: nowrap;
    }

    .scale {
      width: 120px;
      min-width: 48px;
      height: 10px;
      border-radius: 2px;
    }
  `,
})
export class Legend {
  readonly entries = input.required<readonly LegendEntry[]>();
  readonly mode = input.required<ColorMode>();
  readonly theme = input.required<ChartTheme>();

  protected readonly ends = computed(() => {
    const mode = this.mode();
    return mode === 'kind' ? null : ENDS[mode];
  });
  protected readonly gradient = computed(() => `linear-gradient(to right, ${this.theme().scale.join(', ')})`);
  protected readonly kinds = computed(() =>
    this.entries().map((entry) => ({
      ...entry,
      explanation: LAYER_KINDS[entry.type].explanation,
      color: LAYER_KINDS[entry.type].color(this.theme()),
    })),
  );
}
