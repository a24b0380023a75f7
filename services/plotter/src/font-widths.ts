/**
 * Widths of text in a TrueType font, so that charts drawn without a screen are laid out as they will look.
 *
 * Reads three tables of the file (ISO/IEC 14496-22): `head` (units per em), `cmap` format 4 (character → glyph)
 * and `hmtx` (advance of a glyph). Kerning is left out: it moves a label by less than a pixel.
 */
import { readFileSync } from 'node:fs';

/** Advance of a character as a share of the font size. */
export type CharacterWidth = (character: string) => number;

const HEAD_UNITS_PER_EM = 18;
const HHEA_METRICS = 34;
const FORMAT_SEGMENTS = 4;

/**
 * Advances of a font file. A character that it lacks, as most of those outside of Latin, is one em wide; ECharts
 * takes the width of such a one for the height of a line.
 */
export function readFontWidths(path: string): CharacterWidth {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tableOffsets(view);
  const table = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`${path} has no table ${name}: expected a TrueType font`);
    return offset;
  };
  const unitsPerEm = view.getUint16(table('head') + HEAD_UNITS_PER_EM);
  const metrics = view.getUint16(table('hhea') + HHEA_METRICS);
  const hmtx = table('hmtx');
  const glyphOf = characterMap(view, table('cmap'), path);
  const cache = new Map<string, number>();
  return (character) => {
    let width = cache.get(character);
    if (width === undefined) {
      // Glyphs past the last metric have the last one's advance.
      const glyph = glyphOf(character.codePointAt(0)!);
      width = glyph === 0 ? 1 : view.getUint16(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
      cache.set(character, width);
    }
    return width;
  };
}

function tableOffsets(view: DataView): Map<string, number> {
  const offsets = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + 16 * i;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(record + byte)));
    offsets.set(name, view.getUint32(record + 8));
  }
  return offsets;
}

/** The font's map of the basic plane: segments of character codes with a rule or a list of glyphs each. */
function characterMap(view: DataView, cmap: number, path: string): (code: number) => number {
  const start = segmentTable(view, cmap);
  if (start === null) throw new Error(`${path} has no character map of format 4`);
  const segments = view.getUint16(start + 6) / 2;
  const ends = start + 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const offsets = deltas + 2 * segments;
  return (code) => {
    for (let i = 0; i < segments; i++) {
      if (code > view.getUint16(ends + 2 * i)) continue;
      const first = view.getUint16(starts + 2 * i);
      if (code < first) return 0;
      const delta = view.getUint16(deltas + 2 * i);
      const at = offsets + 2 * i;
      const offset = view.getUint16(at);
      if (offset === 0) return (code + delta) & 0xffff;
      const glyph = view.getUint16(at + offset + 2 * (code - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function segmentTable(view: DataView, cmap: number): number | null {
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const start = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    if (view.getUint16(start) === FORMAT_SEGMENTS) return start;
  }
  return null;
}
