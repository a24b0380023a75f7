/**
 * Saves a file where the person says: with the browser's own dialog where it lets pages ask for one, as a download
 * otherwise.
 */
import { inject, Injectable } from '@angular/core';
import { toApiError } from '../../api/api-error.ts';
import { Dialogs } from '../dialog/dialogs.ts';

/** The part of the File System Access API that is used here; not in TypeScript's library yet. */
interface FilePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** The browser has begun to read it by then. */
const READ_BY_MS = 60_000;

@Injectable({ providedIn: 'root' })
export class SaveAs {
  readonly #dialogs = inject(Dialogs);

  /** Asks where to first, while the click still counts as one; then fetches. Failures are shown. */
  async save(name: string, content: () => Promise<Blob>): Promise<void> {
    try {
      const place = await askWhere(name);
      if (place === 'nowhere') return;
      const blob = await content();
      if (place === 'downloads') download(name, blob);
      else await write(place, blob);
    } catch (error) {
      await this.#dialogs.say(`${name} was not saved: ${toApiError(error).message}`);
    }
  }
}

async function askWhere(suggestedName: string): Promise<FileSystemFileHandle | 'downloads' | 'nowhere'> {
  const { showSaveFilePicker: pick } = window as FilePicker;
  if (!pick) return 'downloads';
  try {
    return await pick.call(window, { suggestedName });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // The person closed the dialog.
    if (error.name === 'AbortError') return 'nowhere';
    // Pages in frames of other sites may not ask.
    if (error.name === 'SecurityError') return 'downloads';
    throw error;
  }
}

async function write(place: FileSystemFileHandle, blob: Blob): Promise<void> {
  const file = await place.createWritable();
  try {
    await file.write(blob);
  } catch (error) {
    await file.abort();
    throw error;
  }
  await file.close();
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_BY_MS);
}
