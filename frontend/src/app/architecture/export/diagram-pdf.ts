/**
 * The diagram as a PDF of one page, in vectors, with text that can be searched. Fetched only when somebody asks for it.
 */
import fontFile from '@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf';
import { jsPDF } from 'jspdf';
import 'svg2pdf.js';

/** The PDF's own faces have neither arrows nor accents beyond Latin 1; this one is shipped with the program. */
export const PDF_FONT = 'IBM Plex Sans';

/** @throws Error where Onegin does not answer with the font */
export async function fetchPdfFont(): Promise<ArrayBuffer> {
  const response = await fetch(new URL(fontFile, document.baseURI));
  if (!response.ok) throw new Error(`the font of the PDF could not be fetched: ${response.status}`);
  return response.arrayBuffer();
}

/** PDF's largest page in points. */
const MOST_POINTS = 14_400;

/** @param font a TrueType file */
export async function diagramPdf(svg: SVGSVGElement, font: ArrayBuffer): Promise<Blob> {
  const width = svg.viewBox.baseVal.width || Number(svg.getAttribute('width'));
  const height = svg.viewBox.baseVal.height || Number(svg.getAttribute('height'));
  const scale = Math.min(1, MOST_POINTS / Math.max(width, height));
  const size: [number, number] = [width * scale, height * scale];
  const pdf = new jsPDF({
    unit: 'pt',
    format: size,
    orientation: width >= height ? 'landscape' : 'portrait',
  });
  pdf.addFileToVFS('plex.ttf', base64(font));
  pdf.addFont('plex.ttf', PDF_FONT, 'normal');
  pdf.setFont(PDF_FONT);
  await pdf.svg(svg, { x: 0, y: 0, width: size[0], height: size[1] });
  return pdf.output('blob');
}

function base64(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = '';
  // In parts: the number of arguments of a call is limited.
  for (let i = 0; i < view.length; i += 0x8000) text += String.fromCharCode(...view.subarray(i, i + 0x8000));
  return btoa(text);
}
