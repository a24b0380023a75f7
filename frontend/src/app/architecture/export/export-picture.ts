/** The diagram in the formats people take away. */
import { diagramSvg, type DiagramPicture } from './diagram-svg.ts';
import { rasterized } from './rasterize.ts';

export const PICTURE_FORMATS = ['png', 'svg', 'pdf', 'json'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export const FORMAT_WORDS: Readonly<Record<PictureFormat, string>> = {
  png: 'PNG image',
  svg: 'SVG, vectors',
  pdf: 'PDF, vectors',
  json: 'JSON, the data',
};

/** What is exported; without a layout, as where ELK could not lay out, only the data is. */
export type ExportInput = Omit<DiagramPicture, 'layout'> & {
  readonly layout: DiagramPicture['layout'] | null;
};

/** @throws Error where the diagram is not laid out, the browser cannot draw it, or the font cannot be fetched */
export async function exported(format: PictureFormat, { layout, ...rest }: ExportInput): Promise<Blob> {
  if (format === 'json')
    return new Blob([JSON.stringify(rest.architecture, null, 2)], { type: 'application/json' });
  if (!layout) throw new Error('the diagram is not laid out yet; try again in a moment');
  const picture = { ...rest, layout };
  if (format === 'pdf') return pdf(picture);
  const svg = diagramSvg(picture);
  return format === 'png' ? rasterized(svg) : new Blob([svg], { type: 'image/svg+xml' });
}

async function pdf(picture: DiagramPicture): Promise<Blob> {
  const { diagramPdf, fetchPdfFont, PDF_FONT } = await import('./diagram-pdf.ts');
  const font = await fetchPdfFont();
  const theme = { ...picture.theme, fontFamily: PDF_FONT };
  const parsed = new DOMParser().parseFromString(diagramSvg({ ...picture, theme }), 'image/svg+xml');
  const svg = document.importNode(parsed.documentElement, true);
  if (!(svg instanceof SVGSVGElement)) throw new Error('the diagram is no SVG');
  return diagramPdf(svg, font);
}
