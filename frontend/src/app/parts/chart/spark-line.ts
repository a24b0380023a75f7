import { Component, computed, input } from '@angular/core';

const [WIDTH, HEIGHT] = [96, 28];

/** A line of few values without axes, for where a number says the rest. */
@Component({
  selector: 'on-spark-line',
  template: `
    <svg viewBox="0 0 96 28" preserveAspectRatio="none" aria-hidden="true">
      @for (line of lines(); track $index) {
        <polyline [attr.points]="line" vector-effect="non-scaling-stroke" />
      }
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
    polyline:nth-child(2) {
      stroke: var(--on-muted);
      stroke-dasharray: 3 2;
    }
  `,
})
export class SparkLine {
  /** One or two series over the same places; null is a gap that is drawn over. */
  readonly series = input.required<readonly (readonly (number | null)[])[]>();

  protected readonly lines = computed(() => {
    const all = this.series();
    const known = all.flat().filter((value): value is number => value !== null && Number.isFinite(value));
    if (known.length === 0) return [];
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const span = high - low || 1;
    const places = Math.max(...all.map((values) => values.length));
    return all.map((values) =>
      values
        .flatMap((value, i) => {
          if (value === null || !Number.isFinite(value)) return [];
          const x = places > 1 ? (i / (places - 1)) * WIDTH : WIDTH / 2;
          const y = HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4);
          return [`${x.toFixed(1)},${y.toFixed(1)}`];
        })
        .join(' '),
    );
  });
}
