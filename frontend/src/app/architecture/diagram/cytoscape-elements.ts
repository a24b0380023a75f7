/** A placed diagram as Cytoscape elements. Labels are drawn on a canvas, so markup in a name stays text. */
import type { ElementDefinition } from 'cytoscape';
import type { LayerPaint } from '../model/paint.ts';
import type { DiagramLayout, PlacedEdge, PlacedNode, Point } from './diagram-layout.ts';

export function cytoscapeElements(layout: DiagramLayout): ElementDefinition[] {
  const nodes = new Map(layout.nodes.map((node) => [node.id, node]));
  return [
    ...layout.nodes.map((node) => ({
      group: 'nodes' as const,
      data: { id: node.id, title: node.title, width: node.width, height: node.height },
      position: centre(node),
    })),
    ...layout.edges.flatMap((edge) => edgeElement(edge, nodes) ?? []),
  ];
}

const centre = ({ x, y, width, height }: PlacedNode): Point => ({ x: x + width / 2, y: y + height / 2 });

function edgeElement(edge: PlacedEdge, nodes: ReadonlyMap<string, PlacedNode>): ElementDefinition | null {
  const source = nodes.get(edge.source);
  const target = nodes.get(edge.target);
  const [start] = edge.points;
  const end = edge.points.at(-1);
  if (!source || !target || !start || !end) return null;
  const bends = edge.points.slice(1, -1);
  return {
    group: 'edges',
    data: {
      id: edge.id,
      source: edge.source,
      target: edge.target,
      tensorShape: edge.tensorShape,
      sourceEndpoint: endpoint(start, source),
      targetEndpoint: endpoint(end, target),
      ...segments(bends, start, end),
    },
    classes: bends.length > 0 ? 'bent' : '',
  };
}

/** Pixels from the node's centre, as Cytoscape takes them. */
const endpoint = (point: Point, node: PlacedNode): string => {
  const { x, y } = centre(node);
  return `${point.x - x}px ${point.y - y}px`;
};

/** Bends as Cytoscape wants them: how far along the straight line of both ends, and how far off it. */
function segments(
  bends: readonly Point[],
  start: Point,
  end: Point,
): { weights?: string; distances?: string } {
  if (bends.length === 0) return {};
  const line = { x: end.x - start.x, y: end.y - start.y };
  const square = line.x ** 2 + line.y ** 2 || 1;
  const from = bends.map(({ x, y }) => ({ x: x - start.x, y: y - start.y }));
  return {
    weights: from.map(({ x, y }) => ((x * line.x + y * line.y) / square).toFixed(4)).join(' '),
    distances: from.map(({ x, y }) => ((y * line.x - x * line.y) / Math.sqrt(square)).toFixed(2)).join(' '),
  };
}

/** What of a node changes with colour mode and epoch. */
export const paintData = (title: string, { fill, ink, word }: LayerPaint) => ({
  label: `${title}\n${word}`,
  fill: fill ?? '',
  ink,
});
