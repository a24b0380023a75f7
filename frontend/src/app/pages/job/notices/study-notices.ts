import { Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { StudyState, TrainerHeartbeat } from '@onegin/contracts';
import type { IconName } from '../../../parts/icon/icons.ts';
import { noticesOf, type Notice } from './notice-words.ts';

const SHOWN_AT_FIRST = 3;
const ICONS: Record<Notice['urgency'], IconName> = { act: 'warning', wait: 'hourglass', past: 'info' };

/** What a person should know about how the study goes, and what can be done about it. */
@Component({
  selector: 'on-study-notices',
  imports: [MatButton, MatIcon],
  template: `
    <ul [attr.aria-label]="notices().length > 0 ? 'Notices' : null" aria-live="polite">
      @for (notice of shown(); track notice.key) {
        <li [class]="notice.urgency">
          <mat-icon [svgIcon]="icons[notice.urgency]" aria-hidden="true" />
          <p>
            <strong>{{ notice.what }}</strong> {{ notice.advice }}
            @if (notice.said; as said) {
              <span class="said muted">{{ said }}</span>
            }
          </p>
        </li>
      }
    </ul>
    @if (more() > 0) {
      <button matButton type="button" (click)="all.set(true)">{{ more() }} more</button>
    }
  `,
  styles: `
    ul {
      display: grid;
      gap: 8px;
    }
    li {
      display: flex;
      gap: 12px;
      padding: 8px 12px;
      border-left: 3px solid var(--on-rule);
      background: var(--on-raised);
    }
    mat-icon {
      flex: none;
      color: var(--on-muted);
    }
    .act {
      border-color: var(--on-bad);
    }
    .act mat-icon {
      color: var(--on-bad);
    }
    .wait {
      border-color: var(--on-wait);
    }
    .wait mat-icon {
      color: var(--on-wait);
    }
    p {
      margin: 0;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    strong {
      font-weight: 600;
    }
    .said {
      display: block;
      font-size: 0.87rem;
    }
  `,
})
export class StudyNotices {
  readonly state = input.required<StudyState>();
  /** Null: not known. */
  readonly trainers = input<readonly TrainerHeartbeat[] | null>(null);

  protected readonly icons = ICONS;
  protected readonly all = signal(false);
  protected readonly notices = computed(() => noticesOf(this.state(), this.trainers()));
  protected readonly shown = computed(() =>
    this.all() ? this.notices() : this.notices().slice(0, SHOWN_AT_FIRST),
  );
  protected readonly more = computed(() => this.notices().length - this.shown().length);
}
