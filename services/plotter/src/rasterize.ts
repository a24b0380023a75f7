/**
 * SVG to PNG with the face that the SVG names. The fonts come from a package: what a file looks like must not
 * depend on what is installed where the plotter runs.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const require = createRequire(import.meta.url);
const fonts = dirname(require.resolve('@expo-google-fonts/ibm-plex-sans/package.json'));

const fontFiles = [
  join(fonts, '400Regular/IBMPlexSans_400Regular.ttf'),
  join(fonts, '600SemiBold/IBMPlexSans_600SemiBold.ttf'),
];

export const FONT_FAMILY = 'IBM Plex Sans';

/** Pixels of the PNG per CSS pixel: sharp on dense screens and in print. */
const SCALE = 2;

export function rasterize(svg: string, background: string): Uint8Array {
  const resvg = new Resvg(svg, {
    background,
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: FONT_FAMILY, sansSerifFamily: FONT_FAMILY },
  });
  return resvg.render().asPng();
}
