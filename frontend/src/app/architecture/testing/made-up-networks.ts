/** Networks for what real ones seldom are: very long, or with markup in their names. */
import type { Architecture, ArchitectureLayer } from '@onegin/contracts';
import { cnnArchitecture } from './trained-networks.ts';

/** A chain of `count` layers, each like a real convolution. */
export function longNetwork(length: number, label = (i: number) => `Conv2D ${i}`): Architecture {
  const [input] = cnnArchitecture.layers;
  const sample = cnnArchitecture.layers.find(({ type }) => type === 'conv2d');
  if (!input || !sample) throw new Error('expected an input and a convolution in the trained network');
  const layers: ArchitectureLayer[] = Array.from({ length }, (_, i) => ({
    ...(i === 0 ? input : sample),
    id: `layer_${i}`,
    label: label(i),
    zPosition: 2 * i,
  }));
  return {
    ...cnnArchitecture,
    layers,
    totals: { ...cnnArchitecture.totals, layers: length },
    cytoscape: {
      nodes: layers.map(({ id, label, type, parameters, outputShape }) => ({
        data: { id, label, type, parameters, outputShape },
      })),
      edges: layers.slice(1).map(({ id }, i) => ({
        data: { id: `layer_${i}→${id}`, source: `layer_${i}`, target: id, tensorShape: '28 × 28 × 8' },
      })),
    },
  };
}

export const MARKUP = '<img src=x onerror="alert(1)"> & <b>bold</b>';
