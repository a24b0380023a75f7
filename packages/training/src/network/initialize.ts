/**
 * First values of weights, from seeded streams: the same on every engine.
 *
 * fan in / fan out as in Keras: inputs and outputs of one unit, times the kernel's area for convolutions.
 *   glorot: √(6 / (in + out)) uniform, √(2 / (in + out)) normal (Glorot & Bengio 2010)
 *   he:     √(6 / in) uniform, √(2 / in) normal (He et al. 2015)
 *   lecun:  √(1 / in) normal (LeCun et al. 1998)
 * Normal draws beyond two deviations are drawn again, and the deviation is widened to keep its size, as Keras does.
 */
import { streamOf, type Initializer, type RandomStream } from '@onegin/contracts';
import { sizeOf, type PlannedLayer, type WeightSpec } from './plan.ts';

/** Standard deviation of a standard normal cut off at ±2. */
const TRUNCATED_DEVIATION = 0.8796256610342398;

/** The weight's values before training. */
export function initialValues(
  layer: PlannedLayer,
  weight: WeightSpec,
  initializer: Initializer,
  seed: number,
): Float32Array {
  const { name, shape } = weight;
  const stream = streamOf(seed, 'weights', layer.id, name);
  if (name.endsWith('recurrent_kernel')) return orthogonal(shape as [number, number], stream);
  if (name.endsWith('kernel')) return drawKernel(shape, initializer, stream);
  const values = new Float32Array(sizeOf(shape));
  if (name === 'embeddings') return fill(values, () => (2 * stream.uniform() - 1) * 0.05);
  if (name === 'gamma' || name === 'moving_variance') return values.fill(1);
  // An LSTM that starts by remembering learns long texts (Jozefowicz et al. 2015): gates i, f, c, o.
  if (layer.type === 'lstm' || layer.type === 'bidirectionalLstm')
    return values.fill(1, layer.units, 2 * layer.units);
  return values;
}

function drawKernel(shape: readonly number[], initializer: Initializer, stream: RandomStream): Float32Array {
  const area = sizeOf(shape.slice(0, -2));
  const fanIn = area * shape.at(-2)!;
  const fanOut = area * shape.at(-1)!;
  const values = new Float32Array(sizeOf(shape));
  const uniform = (limit: number) => fill(values, () => (2 * stream.uniform() - 1) * limit);
  const normal = (deviation: number) =>
    fill(values, () => (truncatedNormal(stream) * deviation) / TRUNCATED_DEVIATION);
  switch (initializer) {
    case 'glorotUniform':
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
    case 'glorotNormal':
      return normal(Math.sqrt(2 / (fanIn + fanOut)));
    case 'heUniform':
      return uniform(Math.sqrt(6 / fanIn));
    case 'heNormal':
      return normal(Math.sqrt(2 / fanIn));
    case 'lecunNormal':
      return normal(Math.sqrt(1 / fanIn));
  }
}

function fill(values: Float32Array, draw: () => number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

function truncatedNormal(stream: RandomStream): number {
  for (;;) {
    const value = stream.normal();
    if (Math.abs(value) <= 2) return value;
  }
}

/** Random [rows, columns] with rows ≤ columns and orthonormal rows: modified Gram–Schmidt on normal draws. */
function orthogonal([rows, columns]: [number, number], stream: RandomStream): Float32Array {
  const values = new Float32Array(rows * columns);
  const done: Float64Array[] = [];
  for (let r = 0; r < rows; r++) {
    const row = Float64Array.from({ length: columns }, () => stream.normal());
    for (const other of done) {
      const overlap = dot(row, other);
      for (let c = 0; c < columns; c++) row[c]! -= overlap * other[c]!;
    }
    const length = Math.sqrt(dot(row, row));
    for (let c = 0; c < columns; c++) row[c]! /= length;
    done.push(row);
    values.set(row, r * columns);
  }
  return values;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
