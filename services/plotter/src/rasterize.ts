/** SVG to PNG. Runs in the drawing process. */
import { Resvg } from '@resvg/resvg-js';
import { FONT_FAMILY, fontFiles } from './fonts.ts';

/** Pixels of the PNG per CSS pixel: sharp on dense screens and in print. */
const SCALE = 2;

export function rasterize(svg: string, background: string): Uint8Array {
  const resvg = new Resvg(svg, {
    background,
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  });
  return resvg.render().asPng();
}
