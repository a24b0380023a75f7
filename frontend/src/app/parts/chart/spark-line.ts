import { Component, computed, input } from '@angular/core';

const [WIDTH, HEIGHT] = [96, 28];

/** A line of few values without axes, for where a number says the rest. */
@Component({
  selector: 'on-spark-line',
  template: `
    <svg viewBox="0 0 96 28" preserveAspectRatio="none" aria-hidden="true">
      <polyline [attr.points]="line()" vector-effect="non-scaling-stroke" />
    </svg>
  `,
  styles: `
    :host,
    svg {
      display: block;
      width: 100%;
      height: 28px;
    }
    polyline {
      fill: none;
      stroke: var(--on-busy);
      stroke-width: 1.5;
    }
  `,
})
export class SparkLine {
  /** At even places; null is a gap that is drawn over. */
  readonly values = input.required<readonly (number | null)[]>();

  protected readonly line = computed(() => {
    const values = this.values();
    const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
    const low = Math.min(...known);
    const span = Math.max(...known) - low || 1;
    return values
      .flatMap((value, i) => {
        if (value === null || !Number.isFinite(value)) return [];
        const x = values.length > 1 ? (i / (values.length - 1)) * WIDTH : WIDTH / 2;
        const y = HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
        return [`${x.toFixed(1)},${y.toFixed(1)}`];
      })
      .join(' ');
  });
}
