import { TestBed } from '@angular/core/testing';
import { MatSnackBar } from '@angular/material/snack-bar';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '../../api/api-error.ts';
import { SaveAs } from './save-as.ts';

type Picker = (options: { suggestedName: string }) => Promise<unknown>;
const page = window as unknown as { showSaveFilePicker?: Picker };

const said: string[] = [];
let links: HTMLAnchorElement[];

/** Stands in for the browser's dialog, which no test can press: the handle of a file that keeps what is written. */
function dialogThatAnswers(written: unknown[]): void {
  page.showSaveFilePicker = async ({ suggestedName }) => ({
    name: suggestedName,
    createWritable: async () => ({
      write: async (content: unknown) => void written.push(suggestedName, content),
      close: async () => void written.push('closed'),
      abort: async () => void written.push('aborted'),
    }),
  });
}

describe('4.4: saving a file', () => {
  let saveAs: SaveAs;
  beforeEach(() => {
    said.length = 0;
    links = [];
    delete page.showSaveFilePicker;
    // jsdom neither makes addresses of blobs nor downloads them.
    URL.createObjectURL = () => 'blob:of-the-test';
    URL.revokeObjectURL = () => undefined;
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      links.push(this);
    });
    TestBed.configureTestingModule({
      providers: [{ provide: MatSnackBar, useValue: { open: (words: string) => void said.push(words) } }],
    });
    saveAs = TestBed.inject(SaveAs);
  });
  afterEach(() => void jest.restoreAllMocks());

  it('4.4: asks where to with the browser’s Save-as dialog first, then fetches and writes there', async () => {
    const written: unknown[] = [];
    dialogThatAnswers(written);
    const content = new Blob(['<svg/>']);
    await saveAs.save('history.svg', async () => {
      expect(written).toEqual([]);
      return content;
    });
    expect(written).toEqual(['history.svg', content, 'closed']);
    expect(links).toEqual([]);
    expect(said).toEqual([]);
  });

  it('4.4: downloads under the same name where the browser has no such dialog', async () => {
    await saveAs.save('history.svg', async () => new Blob(['<svg/>']));
    expect(links.map(({ download, href }) => [download, href])).toEqual([
      ['history.svg', 'blob:of-the-test'],
    ]);
  });

  it('4.4: fetches nothing and says nothing when the dialog is closed', async () => {
    page.showSaveFilePicker = () => Promise.reject(new DOMException('closed', 'AbortError'));
    const fetched = jest.fn(async () => new Blob([]));
    await saveAs.save('history.svg', fetched);
    expect(fetched).not.toHaveBeenCalled();
    expect([links, said]).toEqual([[], []]);
  });

  it('4.4: says why a file was not saved, and leaves no half of one', async () => {
    const written: unknown[] = [];
    dialogThatAnswers(written);
    await saveAs.save('model.keras', () => Promise.reject(new ApiError('The artifact is missing.', null)));
    expect(said).toEqual(['model.keras was not saved: The artifact is missing.']);
    expect(written).toEqual([]);
  });

  it('4.4: takes the ordinary way where a page may not ask, as in a frame of another site', async () => {
    page.showSaveFilePicker = () => Promise.reject(new DOMException('in a frame', 'SecurityError'));
    await saveAs.save('history.svg', async () => new Blob([]));
    expect(links).toHaveLength(1);
    expect(said).toEqual([]);
  });
});
