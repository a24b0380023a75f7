import { CdkConnectedOverlay, type ConnectedPosition } from '@angular/cdk/overlay';
import { Component, DestroyRef, inject, input, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { LazyPart } from '../lazy/lazy-part.ts';

const above = 'bottom' as const;
const POSITIONS: ConnectedPosition[] = [
  { originX: 'center', originY: 'bottom', overlayX: 'center', overlayY: 'top', offsetY: 4 },
  { originX: 'center', originY: 'top', overlayX: 'center', overlayY: above, offsetY: -4 },
];
/** The pointer may cross the gap to the text, which can hold links. */
const LEAVE_MS = 250;

const overlay = new LazyPart(() => import('@angular/cdk/overlay'));

/**
 * An explanation where it is needed: opens on hover, focus and tap, stays on the screen, is opaque, closes with Esc.
 * Its content may hold links.
 */
@Component({
  selector: 'on-help-tip',
  imports: [CdkConnectedOverlay, MatIcon],
  template: `
    <button
      type="button"
      class="mark"
      #origin
      [attr.aria-label]="'About ' + about()"
      [attr.aria-expanded]="isOpen()"
      (click)="toggle($event)"
      (focus)="open()"
      (blur)="closeSoon()"
      (mouseenter)="open()"
      (mouseleave)="closeSoon()"
    >
      <mat-icon svgIcon="help" aria-hidden="true" />
    </button>
    <!-- What opens it is fetched with the first explanation that somebody wants. -->
    @defer (when overlay.isHere()) {
      <ng-template
        cdkConnectedOverlay
        [cdkConnectedOverlayOrigin]="origin"
        [cdkConnectedOverlayOpen]="isOpen()"
        [cdkConnectedOverlayPositions]="positions"
        [cdkConnectedOverlayPush]="true"
        [cdkConnectedOverlayViewportMargin]="12"
        (overlayOutsideClick)="close()"
        (overlayKeydown)="$event.key === 'Escape' && close()"
        (detach)="close()"
      >
        <!-- Hovering keeps it open, nothing more: everything in it can be reached without a pointer. -->
        <div
          class="text"
          role="note"
          [attr.aria-label]="about()"
          (mouseenter)="open()"
          (mouseleave)="closeSoon()"
          (focusin)="open()"
          (focusout)="closeSoon()"
        >
          <ng-content />
        </div>
      </ng-template>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      vertical-align: middle;
    }
    .mark {
      display: inline-grid;
      place-items: center;
      width: 28px;
      height: 28px;
      padding: 0;
      border: 0;
      border-radius: 50%;
      background: none;
      color: var(--on-muted);
      cursor: help;
    }
    .mark mat-icon {
      width: 18px;
      height: 18px;
    }
    @media (pointer: coarse) {
      .mark {
        width: var(--on-touch);
        height: var(--on-touch);
        margin: -8px;
      }
    }
    .text {
      max-width: min(360px, calc(100vw - 24px));
      max-height: 60vh;
      overflow: auto;
      padding: 12px 16px;
      background: var(--on-ground);
      color: var(--on-text);
      border: 1px solid var(--on-rule);
      border-radius: 6px;
      box-shadow: 0 2px 12px rgb(0 0 0 / 18%);
      font-size: 0.9rem;
      font-weight: 400;
      line-height: 1.5;
      text-align: left;
      white-space: normal;
    }
  `,
})
export class HelpTip {
  protected readonly overlay = overlay;
  /** What it explains, in a few words. */
  readonly about = input.required<string>();
  protected readonly isOpen = signal(false);
  protected readonly positions = POSITIONS;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #openedAt = 0;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#leaving));
  }

  protected open(): void {
    clearTimeout(this.#leaving);
    overlay.want();
    if (!this.isOpen()) this.#openedAt = performance.now();
    this.isOpen.set(true);
  }

  protected close(): void {
    clearTimeout(this.#leaving);
    this.isOpen.set(false);
  }

  protected closeSoon(): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.close(), LEAVE_MS);
  }

  /** A tap brings hover and focus along, which have opened it already. */
  protected toggle(event: Event): void {
    event.stopPropagation();
    const justOpened = performance.now() - this.#openedAt < 400;
    if (this.isOpen() && !justOpened) this.close();
    else this.open();
  }
}
