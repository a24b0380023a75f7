/** An SVG as PNG, drawn by the browser at twice its size. */

/** Browsers draw nothing on a canvas that is wider or higher. */
const MOST_PIXELS = 8192;

/** @throws Error where the browser cannot draw it */
export async function rasterized(svg: string, { scale = 2 } = {}): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const largest = Math.max(image.naturalWidth, image.naturalHeight);
    const factor = Math.min(scale, MOST_PIXELS / largest);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * factor);
    canvas.height = Math.round(image.naturalHeight * factor);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await pngOf(canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error(`the browser could not draw ${canvas.width} × ${canvas.height} pixels`));
    }, 'image/png');
  });
