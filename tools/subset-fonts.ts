/**
 * Writes the part of IBM Plex Sans that pages are written with: half of the Latin file, fetched with the first page.
 * Whatever else a name may hold comes from the package's own files (frontend/src/theme/_fonts.scss).
 *
 *   npm run fonts
 *
 * To be run again when the package has another version, or pages other characters.
 */
import { readFile, writeFile } from 'node:fs/promises';
import subsetFont from 'subset-font';

const from = '@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2';
const to = new URL('../frontend/src/theme/fonts/plex-sans-pages.woff2', import.meta.url);
/** The lightest and the boldest that pages use. */
const WEIGHTS = { min: 400, max: 700 };
/** As `_fonts.scss` names them: ASCII, and the signs of the pages' own words. */
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0xa0],
  [0xb0, 0xb2],
  [0xb7, 0xb7],
  [0xd7, 0xd7],
  [0xe9, 0xe9],
  [0x2013, 0x2014],
  [0x2018, 0x2019],
  [0x201c, 0x201d],
  [0x2026, 0x2026],
  [0x2212, 0x2212],
] as const;

const characters = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)),
);
const whole = await readFile(new URL(import.meta.resolve(from)));
const part = await subsetFont(whole, characters.join(''), {
  targetFormat: 'woff2',
  variationAxes: { wght: WEIGHTS },
});
await writeFile(to, part);
console.log(`${characters.length} characters, ${part.length} of ${whole.length} bytes`);
