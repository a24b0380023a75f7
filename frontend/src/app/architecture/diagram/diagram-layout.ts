/**
 * Where everything of a network's diagram lies, by ELK's layered layout: input to output, left to right in as many
 * rows as the room is wide for, or top to bottom where it is narrow. Positions are pixels from the top left corner.
 */
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Architecture } from '@onegin/contracts';

export type Direction = 'right' | 'down';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends Point {
  readonly id: string;
  /** As much of the layer's label as fits. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly tensorShape: string;
  /** From the border of the source to that of the target; at least two. */
  readonly points: readonly Point[];
  /** Middle of its longest part. */
  readonly labelAt: Point;
}

export interface DiagramLayout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export interface Room {
  readonly direction: Direction;
  /** Width over height of where the diagram is shown. */
  readonly aspectRatio: number;
  /** In pixels. */
  readonly width: number;
}

/** Shown smaller than this, the words cannot be read. */
export const LEAST_READABLE = 0.62;
export const FONT_SIZE = 13;
export const SHAPE_FONT_SIZE = 11;
const NODE_HEIGHT = 52;
const LONGEST_TITLE = 28;
/** Mean width of a character as a share of the font size. */
const CHARACTER = 0.56;
const PADDING = 16;
/** More are not seen all at once: their rows are as long as the room is wide, and it scrolls one way. */
const MANY_LAYERS = 60;
/** ELK cuts rows to a ratio of its own estimate, which is asked again until they fit. */
const MOST_TRIES = 3;

export type LayoutEngine = Pick<ELK, 'layout'>;

export async function layoutDiagram(
  architecture: Architecture,
  room: Room,
  engine: LayoutEngine,
): Promise<DiagramLayout> {
  const { direction, aspectRatio } = room;
  const at = async (ratio: number) =>
    placed(
      architecture,
      direction,
      await engine.layout(elkGraph(architecture, { ...room, aspectRatio: ratio })),
    );
  if (direction === 'down') return at(aspectRatio);
  if (architecture.layers.length > MANY_LAYERS) return inFullRows(at, room.width / LEAST_READABLE);
  // Of a few the one that can be shown largest.
  const layouts: DiagramLayout[] = [];
  for (const factor of [1, 1.4, 2]) layouts.push(await at(factor * aspectRatio));
  return layouts.reduce((best, layout) => (fill(layout, room) > fill(best, room) ? layout : best));
}

/** Rows are at most this many pixels wide, if possible. */
async function inFullRows(
  at: (ratio: number) => Promise<DiagramLayout>,
  most: number,
): Promise<DiagramLayout> {
  let ratio = 0.5;
  let layout = await at(ratio);
  for (let i = 1; i < MOST_TRIES && (layout.width > most || layout.width < most / 2); i++) {
    // The area stays about the same, so the width goes with the root of the ratio.
    ratio *= (0.85 * (most / layout.width)) ** 2;
    layout = await at(ratio);
  }
  return layout;
}

/** How large the diagram can be shown in a room of height 1. */
const fill = ({ width, height }: DiagramLayout, { aspectRatio }: Pick<Room, 'aspectRatio'>): number =>
  Math.min(aspectRatio / Math.max(1, width), 1 / Math.max(1, height));

/** The title of a layer, cut where a diagram would burst. */
export const titleOf = (label: string): string => {
  const characters = [...label];
  return characters.length <= LONGEST_TITLE ? label : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
};

function elkGraph({ layers, cytoscape }: Architecture, { direction, aspectRatio }: Room): ElkNode {
  const titles = layers.map(({ label }) => [...titleOf(label)].length);
  const width = Math.max(140, Math.ceil(Math.max(0, ...titles) * FONT_SIZE * CHARACTER + 2 * PADDING));
  const shapes = cytoscape.edges.map(({ data }) => data.tensorShape.length);
  const room = Math.ceil(Math.max(0, ...shapes) * SHAPE_FONT_SIZE * CHARACTER);
  const known = new Set(layers.map(({ id }) => id));
  return {
    id: 'network',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction === 'right' ? 'RIGHT' : 'DOWN',
      // Along an arrow to the right its shape needs room; beside one downwards it only needs a line.
      'elk.layered.spacing.nodeNodeBetweenLayers': String(
        direction === 'right' ? Math.max(48, room + 22) : 40,
      ),
      'elk.spacing.nodeNode': '36',
      'elk.padding': '[top=16,left=16,bottom=16,right=16]',
      ...(direction === 'right' && wrapping(aspectRatio)),
    },
    children: layers.map(({ id }) => ({ id, width, height: NODE_HEIGHT })),
    edges: cytoscape.edges
      .filter(({ data }) => known.has(data.source) && known.has(data.target))
      .map(({ data }) => ({ id: data.id, sources: [data.source], targets: [data.target] })),
  };
}

/** Long chains are cut into rows that fill the room. (ELK's wrapping fails on labelled edges: we place the labels.) */
const wrapping = (aspectRatio: number): Record<string, string> => ({
  'elk.layered.wrapping.strategy': 'SINGLE_EDGE',
  // Full rows, as lines of a text.
  'elk.layered.wrapping.cutting.strategy': 'MSD',
  'elk.layered.wrapping.additionalEdgeSpacing': '16',
  'elk.aspectRatio': String(aspectRatio),
});

function placed(architecture: Architecture, direction: Direction, result: ElkNode): DiagramLayout {
  const titles = new Map(architecture.layers.map(({ id, label }) => [id, titleOf(label)]));
  const shapes = new Map(architecture.cytoscape.edges.map(({ data }) => [data.id, data]));
  return {
    direction,
    width: result.width ?? 0,
    height: result.height ?? 0,
    nodes: (result.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => ({
      id,
      title: titles.get(id) ?? id,
      x,
      y,
      width,
      height,
    })),
    edges: (result.edges ?? []).flatMap((edge) => {
      const data = shapes.get(edge.id);
      const points = pointsOf(edge);
      return data && points.length >= 2 ? [{ ...data, points, labelAt: middleOfLongest(points) }] : [];
    }),
  };
}

const pointsOf = ({ sections = [] }: ElkExtendedEdge): Point[] =>
  sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);

function middleOfLongest(points: readonly Point[]): Point {
  let best = { length: -1, middle: { x: 0, y: 0 } };
  for (const [i, to] of points.slice(1).entries()) {
    const from = points[i] ?? to;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length > best.length) best = { length, middle: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } };
  }
  return best.middle;
}
