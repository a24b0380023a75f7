/** Hands a file to whoever asked for it: with a Save-as dialog where the browser has one, as a download elsewhere. */

interface SavePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<{
    createWritable(): Promise<{ write(blob: Blob): Promise<void>; close(): Promise<void> }>;
  }>;
}

/** Resolves when the file is written, handed to the browser, or the dialog was closed without saving. */
export async function saveFile(name: string, content: Blob): Promise<void> {
  const { showSaveFilePicker } = window as SavePicker;
  if (showSaveFilePicker)
    try {
      const file = await showSaveFilePicker.call(window, { suggestedName: name });
      const writable = await file.createWritable();
      await writable.write(content);
      await writable.close();
      return;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      // Not allowed here, in a frame for example: then as a download.
    }
  download(name, content);
}

function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun when the click returns, but not everywhere has it read the address by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
