import { afterNextRender, Component, input, output, viewChild } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';

/** What else can be done with a job. It is fetched when somebody wants it, so it opens at once. */
@Component({
  selector: 'on-job-menu',
  imports: [MatIcon, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  template: `
    <button matIconButton type="button" aria-label="More" [matMenuTriggerFor]="more">
      <mat-icon svgIcon="more-vert" />
    </button>
    <mat-menu #more="matMenu">
      <a mat-menu-item routerLink="/new" [queryParams]="{ from: jobId() }">
        <mat-icon svgIcon="copy" />Clone with changes
      </a>
      <button mat-menu-item type="button" [disabled]="!hasBest()" (click)="saveJson.emit()">
        <mat-icon svgIcon="download" />Best model as JSON
      </button>
      <button mat-menu-item type="button" (click)="saveLog.emit()">
        <mat-icon svgIcon="download" />Log as NDJSON
      </button>
    </mat-menu>
  `,
})
export class JobMenu {
  readonly jobId = input.required<string>();
  readonly hasBest = input.required<boolean>();
  readonly saveJson = output();
  readonly saveLog = output();

  protected readonly trigger = viewChild.required(MatMenuTrigger);

  constructor() {
    afterNextRender(() => this.trigger().openMenu());
  }
}
