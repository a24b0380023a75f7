/**
 * Saves a file where the person says: with the browser's own dialog where it lets pages ask for one, as a download
 * otherwise.
 */
import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { toApiError } from '../../api/api-error.ts';

/** The part of the File System Access API that is used here; not in TypeScript's library yet. */
interface FilePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

const SHOWN_MS = 8000;

@Injectable({ providedIn: 'root' })
export class SaveAs {
  private readonly messages = inject(MatSnackBar);

  /** Asks where to first, while the click still counts as one; then fetches. Failures are shown. */
  async save(name: string, content: () => Promise<Blob>): Promise<void> {
    try {
      const { showSaveFilePicker: pick } = window as FilePicker;
      if (pick) await this.write(await pick.call(window, { suggestedName: name }), content);
      else download(name, await content());
    } catch (error) {
      // The person closed the dialog.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.messages.open(`${name} was not saved: ${toApiError(error).message}`, 'Close', {
        duration: SHOWN_MS,
      });
    }
  }

  private async write(handle: FileSystemFileHandle, content: () => Promise<Blob>): Promise<void> {
    const blob = await content();
    const file = await handle.createWritable();
    await blob.stream().pipeTo(file);
  }
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
