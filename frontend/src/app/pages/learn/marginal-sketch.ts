/** A marginal as a small drawing beside its sentence: a line with its band for numbers, bars for choices. */
import { Component, computed, input } from '@angular/core';
import type { Finding } from '../../api/answers.ts';

const WIDTH = 120;
const HEIGHT = 32;
const GAP = 3;

@Component({
  selector: 'on-marginal-sketch',
  template: `
    <svg
      [attr.viewBox]="box"
      [attr.width]="width"
      [attr.height]="height"
      role="img"
      [attr.aria-label]="label()"
    >
      @if (bars(); as rects) {
        @for (rect of rects; track rect.x) {
          <rect [attr.x]="rect.x" [attr.y]="rect.y" [attr.width]="rect.width" [attr.height]="rect.height" />
        }
      } @else {
        <path class="band" [attr.d]="band()" />
        <path class="line" [attr.d]="line()" />
      }
    </svg>
  `,
  styles: `
    :host {
      display: inline-block;
      line-height: 0;
    }
    .line {
      fill: none;
      stroke: var(--on-link);
      stroke-width: 1.5;
    }
    .band,
    rect {
      fill: var(--on-link);
    }
    .band {
      opacity: 0.18;
    }
  `,
})
export class MarginalSketch {
  readonly finding = input.required<Finding>();

  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly box = `0 0 ${WIDTH} ${HEIGHT}`;
  protected readonly label = computed(() => `Expected score over ${this.finding().param}`);

  readonly #y = computed(() => {
    const { mean, deviation } = this.finding().marginal;
    const low = Math.min(...mean.map((value, k) => value - (deviation[k] ?? 0)));
    const high = Math.max(...mean.map((value, k) => value + (deviation[k] ?? 0)));
    const span = high - low || 1;
    return (value: number) => HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
  });

  protected readonly bars = computed(() => {
    const { at, mean } = this.finding().marginal;
    if (typeof at[0] === 'number' && at.length > 6) return null;
    const each = WIDTH / at.length;
    return mean.map((value, k) => {
      const top = this.#y()(value);
      return { x: k * each + GAP / 2, y: top, width: each - GAP, height: HEIGHT - top };
    });
  });

  protected readonly line = computed(() => this.#through(this.finding().marginal.mean));

  protected readonly band = computed(() => {
    const { mean, deviation } = this.finding().marginal;
    const upper = this.#through(mean.map((value, k) => value + (deviation[k] ?? 0)));
    const lower = this.#points(mean.map((value, k) => value - (deviation[k] ?? 0))).reverse();
    return `${upper} L${lower.join(' L')} Z`;
  });

  #points(values: readonly number[]): string[] {
    const each = WIDTH / Math.max(1, values.length - 1);
    return values.map((value, k) => `${(k * each).toFixed(1)},${this.#y()(value).toFixed(1)}`);
  }

  #through(values: readonly number[]): string {
    return `M${this.#points(values).join(' L')}`;
  }
}
