/** Layers of text networks: embedding and LSTM. Sequences are time-major [steps, batch, features]. */
import type { LstmResult, LstmWeights, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import type { Layer, LayerWeight, Pass } from './layer.ts';

/** Token ids [steps, batch] → [steps, batch, embedding size]. */
export function embeddingLayer({ id, vocabularySize }: LayerOf<'embedding'>, weights: LayerWeight[]): Layer {
  const [table] = weights as [LayerWeight];
  const layer: Layer = {
    id,
    weights,
    forward(ids, pass) {
      if (pass.training) pass.save(layer, ids);
      return pass.ops.gatherRows(pass.read(table), ids);
    },
    backward(dy, pass) {
      const ids = pass.saved<Tensor>(layer);
      pass.addGradient(table, pass.ops.gatherRowsGradient(dy, ids, vocabularySize));
      return undefined;
    },
  };
  return layer;
}

/** One reading direction; `x` is what it read, already reversed for the backward direction. */
interface Direction {
  weights: [LayerWeight, LayerWeight, LayerWeight];
  reversed: boolean;
}

interface Run {
  x: Tensor;
  result: LstmResult;
}

/** Hochreiter & Schmidhuber 1997, with forget gates; gates i, f, c, o as in Keras. */
export function lstmLayer(planned: LayerOf<'lstm' | 'bidirectionalLstm'>, weights: LayerWeight[]): Layer {
  const { id, units, returnSequences } = planned;
  const directions: Direction[] = [{ weights: weights.slice(0, 3) as Direction['weights'], reversed: false }];
  if (planned.type === 'bidirectionalLstm')
    directions.push({ weights: weights.slice(3, 6) as Direction['weights'], reversed: true });
  const layer: Layer = {
    id,
    weights,
    forward(x, pass) {
      const runs = directions.map((direction) => run(direction, x, pass));
      if (pass.training) pass.save(layer, { runs, steps: x.shape[0]! });
      if (pass.observe) observeGates(id, runs, pass);
      const outputs = runs.map(({ result }, i) => {
        if (!returnSequences) return pass.ops.lastStep(result.output);
        return directions[i]!.reversed ? pass.ops.reverseTime(result.output) : result.output;
      });
      const output = outputs.length === 1 ? outputs[0]! : pass.ops.joinFeatures(outputs[0]!, outputs[1]!);
      pass.observe?.(id, 'output', output);
      return output;
    },
    backward(dy, pass) {
      const { runs, steps } = pass.saved<{ runs: Run[]; steps: number }>(layer);
      const parts = runs.length === 1 ? [dy] : pass.ops.splitFeatures(dy, units);
      const inputs = runs.map((one, i) => {
        const direction = directions[i]!;
        const turned = returnSequences && direction.reversed ? pass.ops.reverseTime(parts[i]!) : parts[i]!;
        const dOutput = returnSequences ? turned : pass.ops.atLastStep(turned, steps);
        return runBack(direction, one, dOutput, pass);
      });
      return inputs.length === 1 ? inputs[0]! : pass.ops.add(inputs[0]!, inputs[1]!);
    },
  };
  return layer;
}

const readAll = ({ weights }: Direction, pass: Pass): LstmWeights => ({
  kernel: pass.read(weights[0]),
  recurrentKernel: pass.read(weights[1]),
  bias: pass.read(weights[2]),
});

function run(direction: Direction, input: Tensor, pass: Pass): Run {
  const x = direction.reversed ? pass.ops.reverseTime(input) : input;
  return { x, result: pass.ops.lstm(x, readAll(direction, pass)) };
}

function runBack(direction: Direction, { x, result }: Run, dOutput: Tensor, pass: Pass): Tensor {
  const gradients = pass.ops.lstmGradients(x, readAll(direction, pass), result, dOutput);
  const [kernel, recurrentKernel, bias] = direction.weights;
  pass.addGradient(kernel, gradients.kernel);
  pass.addGradient(recurrentKernel, gradients.recurrentKernel);
  pass.addGradient(bias, gradients.bias);
  return direction.reversed ? pass.ops.reverseTime(gradients.input) : gradients.input;
}

function observeGates(id: string, runs: Run[], pass: Pass): void {
  runs.forEach(({ result }, i) => {
    const gates = pass.ops.lstmGates(result);
    for (const [name, values] of Object.entries(gates))
      pass.observe?.(id, `${name}Gate${i}`, values as Tensor);
  });
}
