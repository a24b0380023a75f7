import { ScrollingModule } from '@angular/cdk/scrolling';
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { plural } from '@onegin/charts/format';
import { jobLineText, type JobLine, type LineLevel } from '@onegin/contracts';
import { Dialogs } from '../../../parts/dialog/dialogs.ts';
import { SaveAs } from '../../../parts/save/save-as.ts';
import { StudyStore } from '../../../state/study-store.ts';
import { isLevel, shownLines } from './line-filter.ts';
import { LineStore } from './line-store.ts';

const LEVELS: readonly { level: LineLevel; words: string }[] = [
  { level: 'trace', words: 'all levels' },
  { level: 'info', words: 'info and above' },
  { level: 'warn', words: 'warnings and errors' },
  { level: 'error', words: 'errors' },
];

/** The lines of all services about the study: live, filtered, to copy and to keep. */
@Component({
  selector: 'on-service-log',
  imports: [MatButton, MatIcon, ScrollingModule],
  providers: [LineStore],
  templateUrl: './service-log.html',
  styleUrl: './service-log.scss',
})
export class ServiceLog {
  protected readonly store = inject(LineStore);
  readonly #study = inject(StudyStore);
  readonly #saveAs = inject(SaveAs);
  readonly #dialogs = inject(Dialogs);

  protected readonly levels = LEVELS;
  protected readonly level = signal<LineLevel>('trace');
  protected readonly trial = signal('');
  protected readonly shown = computed(() =>
    shownLines(this.store.lines() ?? [], { level: this.level(), trial: this.trial() }),
  );
  protected readonly byId = (_: number, line: JobLine): string => line.id;
  protected readonly textOf = jobLineText;

  protected setLevel(text: string): void {
    if (isLevel(text)) this.level.set(text);
  }

  protected async copy(): Promise<void> {
    await this.#dialogs.say(await this.#toClipboard());
  }

  protected save(): void {
    const name = this.#study.state()?.config.runName ?? 'job';
    void this.#saveAs.save(`${name}.log`, async () => new Blob([this.#text()], { type: 'text/plain' }));
  }

  async #toClipboard(): Promise<string> {
    try {
      await navigator.clipboard.writeText(this.#text());
      return `${plural(this.shown().length, 'line')} copied.`;
    } catch {
      // Browsers keep the clipboard from pages that came unencrypted.
      return 'This browser does not let the page copy. Download the lines instead.';
    }
  }

  /** What is shown, oldest first, as `onegin logs` prints it. */
  #text(): string {
    return this.shown()
      .map((line) => `${jobLineText(line)}\n`)
      .reverse()
      .join('');
  }
}
