import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';
import { readFontWidths } from './font-widths.ts';
import { FONT_FAMILY, fontFiles, textWidth } from './fonts.ts';
import { rasterize } from './rasterize.ts';

/** Where the renderer itself draws the right edge of a rectangle-like letter after the text. */
function renderedWidth(text: string, weight: number): number {
  const measure = (content: string) =>
    new Resvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="60"><text y="40" font-family="${FONT_FAMILY}" font-weight="${weight}" font-size="20">${content}</text></svg>`,
      { font: { loadSystemFonts: false, fontFiles: [...fontFiles] } },
    ).getBBox()!;
  // Both end in the same letter, so what stands at its sides cancels out.
  const [whole, end] = [measure(`l${text}l`), measure('ll')];
  return whole.width - end.width;
}

describe('widths of text', () => {
  it.each([
    ['0123456789', 400],
    ['learningRate', 400],
    ['Validation accuracy', 600],
    ['±Δw – 0.981 × 10 √2', 400],
  ])('of %s at weight %d are those of the renderer', (text, weight) => {
    // Kerning is not counted: a tenth of an em at most on such texts.
    expect(
      Math.abs(textWidth(text, `${weight} 20px ${FONT_FAMILY}`) - renderedWidth(text, weight)),
    ).toBeLessThan(2);
  });

  it('are equal for all figures, so that numbers line up', () => {
    const widths = [...'0123456789'].map((figure) => textWidth(figure, '12px x'));
    expect(new Set(widths).size).toBe(1);
  });

  it('count an em for a character that the face lacks', () => {
    expect(textWidth('国', '20px x')).toBe(20);
  });

  it('are refused of a file that is no font', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'onegin-font-'));
    const file = path.join(folder, 'x.ttf');
    writeFileSync(file, Buffer.alloc(64));
    expect(() => readFontWidths(file)).toThrow(/has no table head: expected a TrueType font/);
    rmSync(folder, { recursive: true });
  });
});

describe('rasterize', () => {
  it('draws text with the packaged face at twice the size', () => {
    const svg = (text: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><text x="5" y="30" font-family="'IBM Plex Sans', sans-serif" font-size="24">${text}</text></svg>`;
    const [some, none] = [rasterize(svg('Onegin'), '#ffffff'), rasterize(svg(''), '#ffffff')];
    expect([...some.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect(Buffer.from(some).readUInt32BE(16)).toBe(200);
    expect(some.length).toBeGreaterThan(none.length + 500);
  });
});
