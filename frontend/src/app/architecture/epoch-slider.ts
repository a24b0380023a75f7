import { Component, computed, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatSlider, MatSliderThumb } from '@angular/material/slider';
import type { EpochOfLayers } from './model/layer-signals.ts';
import { percent } from './model/layer-words.ts';

/** Which epoch is shown, and a replay of them all. */
@Component({
  selector: 'on-epoch-slider',
  imports: [MatIcon, MatIconButton, MatSlider, MatSliderThumb],
  template: `
    @if (epoch(); as shown) {
      @if (epochs().length > 1) {
        <button
          matIconButton
          type="button"
          [attr.aria-label]="playing() ? 'Pause the replay of the training' : 'Replay the training'"
          (click)="played.emit()"
        >
          <mat-icon [svgIcon]="playing() ? 'pause' : 'play'" />
        </button>
        <mat-slider [min]="0" [max]="epochs().length - 1" [step]="1" showTickMarks>
          <input
            matSliderThumb
            aria-label="Epoch"
            [attr.aria-valuetext]="'Epoch ' + shown.epoch"
            [value]="at()"
            (valueChange)="choose($event)"
          />
        </mat-slider>
      }
      <span class="said">
        Epoch {{ shown.epoch }} of {{ epochs().at(-1)?.epoch }}
        @if (shown.validationAccuracy !== null) {
          <span class="muted">accuracy {{ percent(shown.validationAccuracy) }}</span>
        }
        @if (live()) {
          <span class="live">live</span>
        }
      </span>
    } @else {
      <span class="said muted">{{ live() ? 'The first epoch is running.' : 'No epoch was measured.' }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 48px;
    }

    mat-slider {
      flex: 1;
      min-width: 96px;
      max-width: 320px;
    }

    .said {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 0 10px;
    }

    .live {
      padding-inline: 6px;
      border: 1px solid var(--on-busy);
      border-radius: 3px;
      color: var(--on-busy);
      font-size: 0.8rem;
    }
  `,
})
export class EpochSlider {
  readonly epochs = input.required<readonly EpochOfLayers[]>();
  readonly epoch = input<EpochOfLayers>();
  readonly playing = input(false);
  /** The trial trains: the newest epoch is followed. */
  readonly live = input(false);
  /** Number of the epoch; null for the newest, whichever that will be. */
  readonly chosen = output<number | null>();
  readonly played = output();

  protected readonly percent = percent;
  protected readonly at = computed(() => {
    const epoch = this.epoch();
    return epoch ? this.epochs().indexOf(epoch) : 0;
  });

  protected choose(at: number): void {
    const all = this.epochs();
    const epoch = all[at];
    if (epoch && epoch !== this.epoch()) this.chosen.emit(at === all.length - 1 ? null : epoch.epoch);
  }
}
