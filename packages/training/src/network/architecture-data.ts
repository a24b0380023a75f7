/**
 * A planned network as data to draw: boxes in a row along z for 3D, and the same as a graph for Cytoscape.
 *
 * Sizes are scene units. For a feature map of h × w × c: height and width ∝ √h and √w of the map against the largest
 * map of the network (area is what the eye compares), depth ∝ log2(1 + c). For a vector of n units: height ∝
 * log2(1 + n), depth one unit. The largest side is about 10.
 */
import { rampColor, VIRIDIS, type Architecture, type ArchitectureLayer } from '@onegin/contracts';
import type { NetworkPlan, PlannedLayer } from './plan.ts';

const LARGEST = 10;
/** Layers without parameters are drawn thin and pale. */
const THIN = 0.3;
const GAP = 1;

const tensorShape = (shape: readonly number[]): string => shape.join(' × ');

/** 1,024 units are as high as the largest map. */
const vectorHeight = (units: number): number => Math.min(LARGEST, Math.log2(1 + units));

interface Box {
  width: number;
  height: number;
  depth: number;
}

function boxOf({ outputShape, parameters, type }: PlannedLayer, largestSide: number): Box {
  const thickness = parameters > 0 || type === 'input' ? 1 : THIN;
  if (outputShape.length === 3) {
    const [height, width, channels] = outputShape as [number, number, number];
    const side = (pixels: number): number => LARGEST * Math.sqrt(pixels / largestSide);
    return {
      width: side(width),
      height: side(height),
      depth: thickness * Math.max(THIN, Math.log2(1 + channels) / 3),
    };
  }
  if (outputShape.length === 2) {
    const [steps, features] = outputShape as [number, number];
    return { width: vectorHeight(features), height: vectorHeight(steps), depth: thickness };
  }
  return { width: 1, height: vectorHeight(outputShape[0]!), depth: thickness };
}

/** What a person calls the layer, with the numbers that matter: 'Conv2D 32, 3 × 3'. */
export function layerLabel(layer: PlannedLayer): string {
  switch (layer.type) {
    case 'input':
      return `Input ${tensorShape(layer.outputShape)}`;
    case 'rescaling':
      return 'Rescaling to 0…1';
    case 'conv2d':
      return `Conv2D ${layer.filters}, ${layer.kernelSize} × ${layer.kernelSize}`;
    case 'batchNorm':
      return 'Batch normalization';
    case 'maxPooling':
      return `Max pooling ${layer.poolSize} × ${layer.poolSize}`;
    case 'activation':
      return layer.activation;
    case 'globalAveragePooling':
      return 'Global average pooling';
    case 'flatten':
      return 'Flatten';
    case 'embedding':
      return `Embedding ${layer.vocabularySize.toLocaleString('en')} → ${layer.embeddingSize}`;
    case 'lstm':
      return `LSTM ${layer.units}`;
    case 'bidirectionalLstm':
      return `Bidirectional LSTM 2 × ${layer.units}`;
    case 'dropout':
      return `Dropout ${Math.round(layer.rate * 100)}%`;
    case 'dense':
      return `Dense ${layer.units}`;
  }
}

/** The fields that only some kinds of layer have. */
function details(layer: PlannedLayer): Partial<ArchitectureLayer> {
  switch (layer.type) {
    case 'conv2d':
      return { filters: layer.filters, kernelSize: [layer.kernelSize, layer.kernelSize] };
    case 'maxPooling':
      return { kernelSize: [layer.poolSize, layer.poolSize] };
    case 'dense':
    case 'lstm':
    case 'bidirectionalLstm':
      return { units: layer.units };
    case 'embedding':
      return { units: layer.embeddingSize };
    case 'dropout':
      return { rate: layer.rate };
    case 'activation':
      return { activation: layer.activation };
    default:
      return {};
  }
}

export interface ArchitectureScores {
  accuracy: number;
  health: number | null;
}

/** @param scores of the trial, once it has them */
export function architectureOf(plan: NetworkPlan, scores?: ArchitectureScores): Architecture {
  return {
    layers: drawnLayers(plan),
    totals: {
      layers: plan.layers.length,
      parameters: plan.parameterCount,
      trainableParameters: plan.trainableParameterCount,
      modelBytes: 4 * plan.parameterCount,
    },
    performance: scores
      ? {
          ...scores,
          performanceColor: rampColor(VIRIDIS, scores.accuracy),
          healthColor: scores.health === null ? null : rampColor(VIRIDIS, scores.health),
        }
      : null,
    cytoscape: graphOf(plan),
  };
}

function drawnLayers(plan: NetworkPlan): ArchitectureLayer[] {
  const maps = plan.layers.filter((layer) => layer.outputShape.length === 3);
  const largestSide = Math.max(1, ...maps.flatMap((layer) => layer.outputShape.slice(0, 2)));
  const most = Math.max(...plan.layers.map((layer) => layer.parameters));
  let end = 0;
  return plan.layers.map((layer) => {
    const box = boxOf(layer, largestSide);
    const zPosition = end + box.depth / 2;
    end += box.depth + GAP;
    const share = most > 0 ? Math.log1p(layer.parameters) / Math.log1p(most) : 0;
    return {
      id: layer.id,
      type: layer.type,
      label: layerLabel(layer),
      zPosition,
      ...box,
      outputShape: layer.outputShape,
      parameters: layer.parameters,
      ...details(layer),
      colorIntensity: share,
      opacity: 0.35 + 0.6 * share,
    };
  });
}

function graphOf(plan: NetworkPlan): Architecture['cytoscape'] {
  const { layers } = plan;
  return {
    nodes: layers.map((layer) => ({
      data: {
        id: layer.id,
        label: layerLabel(layer),
        type: layer.type,
        parameters: layer.parameters,
        outputShape: layer.outputShape,
      },
    })),
    edges: layers.slice(1).map((layer, i) => ({
      data: {
        id: `${layers[i]!.id}→${layer.id}`,
        source: layers[i]!.id,
        target: layer.id,
        tensorShape: tensorShape(layer.inputShape),
      },
    })),
  };
}
