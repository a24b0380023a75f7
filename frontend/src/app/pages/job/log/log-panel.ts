import { Component, signal } from '@angular/core';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { EventLog } from './event-log.ts';
import { ServiceLog } from './service-log.ts';

/** What happened to the study, or what the services wrote while they worked on it. */
@Component({
  selector: 'on-log-panel',
  imports: [EventLog, MatButtonToggle, MatButtonToggleGroup, ServiceLog],
  template: `
    <mat-button-toggle-group
      aria-label="Which log"
      hideSingleSelectionIndicator
      [value]="shown()"
      (change)="shown.set($event.value)"
    >
      <mat-button-toggle value="events">What happened</mat-button-toggle>
      <mat-button-toggle value="lines">What the services wrote</mat-button-toggle>
    </mat-button-toggle-group>
    @if (shown() === 'events') {
      <on-event-log />
    } @else {
      <on-service-log />
    }
  `,
  styles: `
    mat-button-toggle-group {
      margin-bottom: 12px;
    }
  `,
})
export class LogPanel {
  protected readonly shown = signal<'events' | 'lines'>('events');
}
