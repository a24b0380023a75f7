/**
 * The diagram as a standalone SVG: vectors and text, nothing fetched, names escaped. The PDF is made of it too.
 */
import type { Architecture } from '@onegin/contracts';
import type { ChartTheme } from '@onegin/charts';
import {
  FONT_SIZE,
  SHAPE_FONT_SIZE,
  type DiagramLayout,
  type PlacedEdge,
  type PlacedNode,
  type Point,
} from '../diagram/diagram-layout.ts';
import { LAYER_KINDS, legendOf } from '../model/layer-kinds.ts';
import type { ColorMode, LayerPaint } from '../model/paint.ts';

export interface DiagramPicture {
  readonly architecture: Architecture;
  readonly layout: DiagramLayout;
  readonly paints: ReadonlyMap<string, LayerPaint>;
  readonly mode: ColorMode;
  readonly theme: ChartTheme;
  /** What is drawn: stands below the diagram and is the picture's accessible name. */
  readonly title: string;
}

const MARGIN = 16;
const LEGEND_LINE = 24;
const LEGEND_ENTRY = 200;

export function diagramSvg(picture: DiagramPicture): string {
  const { layout, theme, title } = picture;
  const width = Math.ceil(Math.max(layout.width, 320));
  const legend = legendSvg(picture, width, layout.height + MARGIN);
  const height = Math.ceil(layout.height + MARGIN + legend.height + LEGEND_LINE + MARGIN);
  const nodes = layout.nodes.map((node) => nodeSvg(node, picture));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" font-family="${attribute(theme.fontFamily)}">`,
    `<title>${text(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${theme.background}"/>`,
    ...layout.edges.map((edge) => edgeSvg(edge, picture)),
    ...nodes,
    legend.svg,
    words(title, { x: MARGIN, y: height - MARGIN }, { size: FONT_SIZE, fill: theme.muted }),
    '</svg>',
  ].join('\n');
}

function nodeSvg(node: PlacedNode, { paints, mode, theme }: DiagramPicture): string {
  const { x, y, width, height, title } = node;
  const paint = paints.get(node.id) ?? { fill: null, ink: theme.muted, word: '' };
  const barred = mode === 'kind' && paint.fill !== null;
  const fill = barred || paint.fill === null ? theme.background : paint.fill;
  const rim = barred || paint.fill === null ? theme.rule : paint.fill;
  const dash = paint.fill === null ? ' stroke-dasharray="4 3"' : '';
  const middle = { x: x + width / 2, y: y + height / 2 };
  return [
    `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" rx="4" fill="${fill}" stroke="${rim}"${dash}/>`,
    ...(barred
      ? [
          `<rect x="${at(x)}" y="${at(y)}" width="${at(width * 0.04)}" height="${at(height)}" fill="${paint.fill}"/>`,
        ]
      : []),
    words(title, { x: middle.x, y: middle.y - 4 }, { size: FONT_SIZE, fill: paint.ink, middle: true }),
    words(
      paint.word,
      { x: middle.x, y: middle.y + 14 },
      { size: FONT_SIZE - 1, fill: paint.ink, middle: true },
    ),
  ].join('');
}

function edgeSvg({ points, labelAt, tensorShape }: PlacedEdge, { theme, layout }: DiagramPicture): string {
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');
  const lifted =
    layout.direction === 'right' ? { x: labelAt.x, y: labelAt.y - 6 } : { x: labelAt.x, y: labelAt.y + 4 };
  const half = (tensorShape.length * SHAPE_FONT_SIZE * 0.56) / 2 + 3;
  const behind =
    layout.direction === 'down'
      ? `<rect x="${at(lifted.x - half)}" y="${at(lifted.y - 11)}" width="${at(2 * half)}" height="15" fill="${theme.background}"/>`
      : '';
  return [
    `<path d="${path}" fill="none" stroke="${theme.muted}" stroke-width="1.5"/>`,
    arrowHead(points, theme.muted),
    behind,
    words(tensorShape, lifted, { size: SHAPE_FONT_SIZE, fill: theme.muted, middle: true }),
  ].join('');
}

/** As a shape of its own: markers are lost on the way to PDF. */
function arrowHead(points: readonly Point[], fill: string): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
  const corner = (side: number) =>
    `${at(tip.x - 8 * along.x + side * 4 * along.y)} ${at(tip.y - 8 * along.y - side * 4 * along.x)}`;
  return `<path d="M${at(tip.x)} ${at(tip.y)}L${corner(1)}L${corner(-1)}Z" fill="${fill}"/>`;
}

function legendSvg({ architecture, mode, theme }: DiagramPicture, width: number, top: number) {
  const perLine = Math.max(1, Math.floor((width - MARGIN) / LEGEND_ENTRY));
  const entries = mode === 'kind' ? legendOf(architecture) : [];
  const svg = entries.map(({ type, word, count }, i) => {
    const x = MARGIN + (i % perLine) * LEGEND_ENTRY;
    const y = top + (Math.floor(i / perLine) + 1) * LEGEND_LINE;
    const fill = LAYER_KINDS[type].color(theme);
    const swatch = `<rect x="${at(x)}" y="${at(y - 10)}" width="12" height="12" rx="2" fill="${fill}"/>`;
    return swatch + words(`${word} (${count})`, { x: x + 20, y }, { size: 12, fill: theme.text });
  });
  return { svg: svg.join('\n'), height: Math.ceil(entries.length / perLine) * LEGEND_LINE };
}

const at = (value: number): string => String(Math.round(value * 100) / 100);

function words(
  content: string,
  { x, y }: Point,
  { size, fill, middle = false }: { size: number; fill: string; middle?: boolean },
): string {
  const anchor = middle ? ' text-anchor="middle"' : '';
  return `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${fill}"${anchor}>${text(content)}</text>`;
}

/** Characters that XML does not allow at all, even escaped. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const text = (value: string): string =>
  value.replaceAll(FORBIDDEN, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (value: string): string => text(value).replaceAll('"', '&quot;');
