/**
 * A network as data to draw: layers in a row along z, and the same as a Cytoscape graph.
 *
 * Sizes are in scene units (the largest layer is about 10 high), colours are CSS hex colours.
 */
import * as z from 'zod';
import { wireObject } from '../wire-object.ts';

export const LAYER_TYPES = [
  'input',
  'rescaling',
  'conv2d',
  'batchNorm',
  'maxPooling',
  'activation',
  'globalAveragePooling',
  'flatten',
  'embedding',
  'lstm',
  'bidirectionalLstm',
  'dropout',
  'dense',
] as const;
export type LayerType = (typeof LAYER_TYPES)[number];

const share = z.number().min(0).max(1);
const colour = z.string().regex(/^#[0-9a-f]{6}$/i);
const size = z.number().min(0);

export const architectureLayerSchema = wireObject({
  /** Id within the network, such as 'conv_1'. */
  id: z.string(),
  type: z.enum(LAYER_TYPES),
  label: z.string(),
  zPosition: z.number(),
  width: size,
  height: size,
  depth: size,
  /** Without the batch: [28, 28, 32]. */
  outputShape: z.array(z.int().positive()),
  parameters: z.int().min(0),
  filters: z.int().positive().optional(),
  kernelSize: z.array(z.int().positive()).optional(),
  units: z.int().positive().optional(),
  rate: share.optional(),
  activation: z.string().optional(),
  /** How many of the network's parameters sit here, on a logarithmic scale. */
  colorIntensity: share,
  opacity: share,
});
export type ArchitectureLayer = z.infer<typeof architectureLayerSchema>;

export const architectureSchema = wireObject({
  layers: z.array(architectureLayerSchema),
  totals: wireObject({
    layers: z.int().min(0),
    parameters: z.int().min(0),
    trainableParameters: z.int().min(0),
    modelBytes: z.int().min(0),
  }),
  /** Null before the trial has a result. */
  performance: wireObject({
    accuracy: share,
    health: share.nullable(),
    performanceColor: colour,
    healthColor: colour.nullable(),
  }).nullable(),
  cytoscape: wireObject({
    nodes: z.array(
      wireObject({
        data: wireObject({
          id: z.string(),
          label: z.string(),
          type: z.enum(LAYER_TYPES),
          parameters: z.int().min(0),
          outputShape: z.array(z.int().positive()),
        }),
      }),
    ),
    edges: z.array(
      wireObject({
        data: wireObject({
          id: z.string(),
          source: z.string(),
          target: z.string(),
          /** Shape of the tensor that flows here, such as '28 × 28 × 32'. */
          tensorShape: z.string(),
        }),
      }),
    ),
  }),
});
export type Architecture = z.infer<typeof architectureSchema>;

/** Examples for documentation and tests. */
export const architectureExamples: Architecture[] = [
  {
    layers: [
      {
        id: 'input',
        type: 'input',
        label: 'Input',
        zPosition: 0,
        width: 4,
        height: 4,
        depth: 0.2,
        outputShape: [8, 8, 1],
        parameters: 0,
        colorIntensity: 0,
        opacity: 0.6,
      },
      {
        id: 'output',
        type: 'dense',
        label: 'Dense 10, softmax',
        zPosition: 3,
        width: 0.5,
        height: 5,
        depth: 0.5,
        outputShape: [10],
        parameters: 650,
        units: 10,
        activation: 'softmax',
        colorIntensity: 1,
        opacity: 0.9,
      },
    ],
    totals: { layers: 2, parameters: 650, trainableParameters: 650, modelBytes: 2600 },
    performance: { accuracy: 0.97, health: 0.85, performanceColor: '#2e7d32', healthColor: '#558b2f' },
    cytoscape: {
      nodes: [
        { data: { id: 'input', label: 'Input', type: 'input', parameters: 0, outputShape: [8, 8, 1] } },
        { data: { id: 'output', label: 'Dense 10', type: 'dense', parameters: 650, outputShape: [10] } },
      ],
      edges: [{ data: { id: 'input→output', source: 'input', target: 'output', tensorShape: '8 × 8 × 1' } }],
    },
  },
];
