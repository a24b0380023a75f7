/**
 * One training step as a row of pictures: forward through every layer, the loss, backward to the first layer that
 * learns, the update. Pure: a view shows picture `at` and steps.
 */
import type { Architecture, ArchitectureLayer } from '@onegin/contracts';
import type { EpochOfLayers } from './layer-signals.ts';
import { count, measure, percent, shapeWords } from './layer-words.ts';

export type PassPhase = 'forward' | 'loss' | 'backward' | 'update';

export interface PassStep {
  readonly phase: PassPhase;
  /** The layer that works; null for the loss and the update, which concern all. */
  readonly layer: string | null;
  /** The edge that something flows along, and which way. */
  readonly edge: string | null;
  readonly text: string;
}

export type LayerMark = 'active' | 'passed' | 'ahead';

export function passSteps(architecture: Architecture, epoch: EpochOfLayers | undefined): PassStep[] {
  const { layers } = architecture;
  if (layers.length === 0) return [];
  const edges = edgesInto(architecture);
  // Before the first layer with weights no gradient is needed, and none is computed.
  const first = layers.findIndex(({ parameters }) => parameters > 0);
  const learners = first < 0 ? [] : layers.slice(first).reverse();
  return [
    ...layers.map((layer, i) => forward(layer, layers[i - 1], edges.get(layer.id) ?? null)),
    { phase: 'loss', layer: null, edge: null, text: lossText(epoch) },
    ...learners.map((layer) => backward(layer, edges, layers, epoch)),
    { phase: 'update', layer: null, edge: null, text: updateText(layers, epoch) },
  ];
}

/** By the layer they lead to. */
const edgesInto = ({ cytoscape }: Architecture): Map<string, string> =>
  new Map(cytoscape.edges.map(({ data }) => [data.target, data.id]));

function forward(
  layer: ArchitectureLayer,
  before: ArchitectureLayer | undefined,
  edge: string | null,
): PassStep {
  const given = before ? shapeWords(before.outputShape) : '';
  const gives = shapeWords(layer.outputShape);
  const change = !before ? `${gives} values come in.` : `${given} in, ${gives} out.`;
  return { phase: 'forward', layer: layer.id, edge, text: `Forward. ${layer.label}: ${change}` };
}

function lossText(epoch: EpochOfLayers | undefined): string {
  const loss = epoch?.validationLoss ?? null;
  const value = loss === null ? '' : ` After epoch ${epoch?.epoch} it is ${measure(loss)} on unseen samples.`;
  return `The loss says how far the answer is from the truth.${value}`;
}

function backward(
  layer: ArchitectureLayer,
  edges: ReadonlyMap<string, string>,
  layers: readonly ArchitectureLayer[],
  epoch: EpochOfLayers | undefined,
): PassStep {
  const after = layers[layers.indexOf(layer) + 1];
  const measured = epoch?.layers.get(layer.id);
  const norm = measured?.gradientNorm ?? null;
  const text =
    layer.parameters === 0
      ? `Backward. ${layer.label} has no weights; the gradient passes through.`
      : `Backward. ${layer.label}: every weight is told its part in the loss` +
        (norm === null ? '.' : `; the gradient's length is ${measure(norm)}.`);
  return { phase: 'backward', layer: layer.id, edge: after ? (edges.get(after.id) ?? null) : null, text };
}

function updateText(layers: readonly ArchitectureLayer[], epoch: EpochOfLayers | undefined): string {
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const ratios = [...(epoch?.layers.values() ?? [])].flatMap(({ updateRatio }) => updateRatio ?? []);
  const most = ratios.length > 0 ? Math.max(...ratios) : null;
  const moved =
    most === null
      ? ''
      : ` In epoch ${epoch?.epoch} a step moved the weights of a layer by at most ${share(most)}.`;
  return `The optimizer moves all ${count(parameters)} parameters a little against their gradient.${moved}`;
}

const share = (value: number): string => (value < 0.01 ? `${measure(100 * value)}%` : percent(value));

/** How each layer and edge looks at picture `at`; before the first (-1) nothing is marked. */
export function passMarks(steps: readonly PassStep[], at: number): Map<string, LayerMark> {
  const marks = new Map<string, LayerMark>();
  const now = steps[at];
  if (!now) return marks;
  if (now.phase === 'update') {
    for (const { phase, layer } of steps) if (phase === 'backward' && layer) marks.set(layer, 'active');
    return marks;
  }
  const direction = now.phase === 'loss' ? 'forward' : now.phase;
  steps.forEach(({ phase, layer, edge }, i) => {
    if (phase !== direction) return;
    const mark = i === at ? 'active' : i < at ? 'passed' : 'ahead';
    if (layer) marks.set(layer, mark);
    if (edge) marks.set(edge, mark);
  });
  return marks;
}

/** `at` after one step; stays at the ends. */
export const stepped = (steps: readonly PassStep[], at: number, by: 1 | -1): number =>
  Math.min(steps.length - 1, Math.max(-1, at + by));
