/**
 * The face of rendered charts. Its files come from a package: what a chart looks like must not depend on the
 * fonts of the machine. Charts ask for it by name; browsers that have it show the SVG in the same face.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readFontWidths } from './font-widths.ts';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@expo-google-fonts/ibm-plex-sans/package.json'));
const regular = join(folder, '400Regular/IBMPlexSans_400Regular.ttf');
const semiBold = join(folder, '600SemiBold/IBMPlexSans_600SemiBold.ttf');

export const FONT_FAMILY = 'IBM Plex Sans';
export const fontFiles: readonly string[] = [regular, semiBold];

const widths = { regular: readFontWidths(regular), semiBold: readFontWidths(semiBold) };

/** Width in pixels of one line of text in a CSS font such as `600 12px 'IBM Plex Sans'`. */
export function textWidth(text: string, font: string): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  const bold = /\b(bold|bolder|[6-9]00)\b/.test(font);
  const width = bold ? widths.semiBold : widths.regular;
  let sum = 0;
  for (const character of text) sum += width(character);
  return sum * size;
}
