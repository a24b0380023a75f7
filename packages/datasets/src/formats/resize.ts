import sharp, { type CreateRaw } from 'sharp';
import type { PixelImage } from './ppm.ts';

/** An image of any size as height · width · 3 bytes; its proportions are given up, as GTSRB's own users do. */
export async function resizePixels(image: PixelImage, height: number, width: number): Promise<Uint8Array> {
  const { pixels, ...raw } = image;
  return sharp(pixels, { raw: raw as CreateRaw })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}
