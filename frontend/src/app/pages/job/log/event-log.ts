import { ScrollingModule } from '@angular/cdk/scrolling';
import { Component, effect, inject, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { eventOfLine, type StudyEvent } from '@onegin/contracts';
import { ApiClient } from '../../../api/api-client.ts';
import { toApiError } from '../../../api/api-error.ts';
import { StudyStore } from '../../../state/study-store.ts';
import { eventWords } from './event-words.ts';

/** The newest are shown; the whole log can be saved. */
const MOST_KEPT = 2000;

interface Line {
  readonly seq: number;
  readonly time: string;
  readonly words: string;
}

const lineOf = (event: StudyEvent): Line => ({
  seq: event.seq,
  time: new Date(event.at).toLocaleTimeString(),
  words: eventWords(event),
});

/** What happened, newest first. */
@Component({
  selector: 'on-event-log',
  imports: [MatButton, ScrollingModule],
  template: `
    @if (problem(); as text) {
      <p role="alert">{{ text }} <button matButton type="button" (click)="load()">Try again</button></p>
    } @else if (!loaded()) {
      <div class="skeleton place" aria-label="Loading"></div>
    } @else {
      <cdk-virtual-scroll-viewport itemSize="28" class="place" tabindex="0" role="log" aria-label="Log">
        <div *cdkVirtualFor="let line of lines(); trackBy: bySeq" class="line">
          <span class="mono muted">{{ line.seq }}</span>
          <span class="mono muted">{{ line.time }}</span>
          <span class="ellipsis">{{ line.words }}</span>
        </div>
      </cdk-virtual-scroll-viewport>
    }
  `,
  styles: `
    .place {
      height: 320px;
    }
    .line {
      display: grid;
      grid-template-columns: 4rem 6.5rem minmax(0, 1fr);
      gap: 12px;
      height: 28px;
      align-items: center;
      white-space: nowrap;
    }
  `,
})
export class EventLog {
  readonly #study = inject(StudyStore);
  readonly #api = inject(ApiClient);
  protected readonly lines = signal<readonly Line[]>([]);
  protected readonly loaded = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly bySeq = (_: number, line: Line): number => line.seq;

  constructor() {
    void this.load();
    effect(() => {
      const newest = this.#study.newest();
      untracked(() => {
        if (this.loaded()) this.#add(newest);
      });
    });
  }

  protected async load(): Promise<void> {
    this.problem.set(null);
    try {
      const jobId = this.#study.jobId();
      const seq = this.#study.state()?.seq ?? 0;
      const file = await this.#api.file(`jobs/${jobId}/log?after=${Math.max(0, seq - MOST_KEPT)}`);
      const text = await file.text();
      const events = text.split('\n').filter(Boolean);
      this.#add(events.map((line) => eventOfLine(line)));
      this.loaded.set(true);
    } catch (error) {
      this.problem.set(toApiError(error).message);
    }
  }

  #add(events: readonly StudyEvent[]): void {
    const last = this.lines()[0]?.seq ?? 0;
    const fresh = events.filter(({ seq }) => seq > last).map(lineOf);
    if (fresh.length > 0) this.lines.update((lines) => [...fresh.reverse(), ...lines].slice(0, MOST_KEPT));
  }
}
