import { Component, computed, input, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { PassStep } from './model/pass.ts';

/** One training step as a row of pictures: played, or stepped by hand. */
@Component({
  selector: 'on-pass-controls',
  imports: [MatButton, MatIcon, MatIconButton],
  template: `
    <span class="buttons" role="group" aria-label="Forward and backward pass">
      @if (canPlay()) {
        <button matButton type="button" (click)="played.emit()">
          <mat-icon [svgIcon]="playing() ? 'pause' : 'play'" />
          {{ playing() ? 'Pause' : 'Play a training step' }}
        </button>
      } @else {
        <span class="muted">A training step</span>
      }
      <button
        matIconButton
        type="button"
        aria-label="Step back"
        [disabled]="at() < 0"
        (click)="stepped.emit(-1)"
      >
        <mat-icon svgIcon="before" />
      </button>
      <button
        matIconButton
        type="button"
        aria-label="Step on"
        [disabled]="at() >= steps().length - 1"
        (click)="stepped.emit(1)"
      >
        <mat-icon svgIcon="after" />
      </button>
      @if (at() >= 0) {
        <button matButton type="button" (click)="finished.emit()">End</button>
      }
    </span>
    <p class="said" [attr.aria-live]="playing() ? 'off' : 'polite'">
      @if (step(); as now) {
        <span class="muted">{{ at() + 1 }} / {{ steps().length }}</span>
        {{ now.text }}
      }
    </p>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 16px;
      min-height: 48px;
    }

    .buttons {
      display: inline-flex;
      align-items: center;
    }

    .said {
      flex: 1 1 320px;
      min-height: 3em;
      margin: 0;
      align-content: center;
    }
  `,
})
export class PassControls {
  readonly steps = input.required<readonly PassStep[]>();
  readonly at = input.required<number>();
  readonly playing = input(false);
  /** False for those who prefer less motion: they step. */
  readonly canPlay = input(true);
  readonly stepped = output<1 | -1>();
  readonly played = output();
  readonly finished = output();

  protected readonly step = computed(() => this.steps()[this.at()] ?? null);
}
