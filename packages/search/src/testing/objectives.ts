/**
 * Objectives with known optima, to be minimized. Used by benches and by the samplers' contract.
 *
 * Branin (minimum 0.397887), Hartmann 6 (−3.32237), Rosenbrock on [−2, 2]⁵ (0), Ackley on [−10, 20]¹⁰ (0): see
 * Surjanovic & Bingham, "Virtual Library of Simulation Experiments". `mixed` imitates tuning a small network.
 */
import type { Params, SearchSpace } from '@onegin/contracts';

export interface Objective {
  readonly name: string;
  readonly space: SearchSpace;
  evaluate(params: Params): number;
}

const floats = (count: number, low: number, high: number): SearchSpace =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`x${i}`, { type: 'float' as const, low, high }]),
  );

const numbers = (params: Params): number[] => Object.keys(params).map((name) => Number(params[name]));

export const branin: Objective = {
  name: 'branin',
  space: { x0: { type: 'float', low: -5, high: 10 }, x1: { type: 'float', low: 0, high: 15 } },
  evaluate: (params) => {
    const [x = 0, y = 0] = numbers(params);
    const valley = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

const HARTMANN_HEIGHTS = [1, 1.2, 3, 3.2];
const HARTMANN_WIDTHS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

export const hartmann6: Objective = {
  name: 'hartmann6',
  space: floats(6, 0, 1),
  evaluate: (params) => {
    const x = numbers(params);
    return -HARTMANN_HEIGHTS.reduce((sum, height, i) => {
      const distance = x.reduce(
        (total, value, j) => total + HARTMANN_WIDTHS[i]![j]! * (value - HARTMANN_CENTRES[i]![j]!) ** 2,
        0,
      );
      return sum + height * Math.exp(-distance);
    }, 0);
  },
};

export const rosenbrock5: Objective = {
  name: 'rosenbrock5',
  space: floats(5, -2, 2),
  evaluate: (params) => {
    const x = numbers(params);
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
    return sum;
  },
};

export const ackley10: Objective = {
  name: 'ackley10',
  space: floats(10, -10, 20),
  evaluate: (params) => {
    const x = numbers(params);
    const squares = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    const waves = x.reduce((sum, value) => sum + Math.cos(2 * Math.PI * value), 0) / x.length;
    return 20 + Math.E - 20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves);
  },
};

const MIXED_LEARNING: Record<string, readonly [centre: number, offset: number]> = {
  sgd: [-0.7, 0.25],
  momentum: [-1.5, 0.1],
  adam: [-3, 0],
  rmsprop: [-3.4, 0.05],
};
const MIXED_ACTIVATION: Record<string, number> = { relu: 0, tanh: 0.08, elu: 0.03 };

export const mixed: Objective = {
  name: 'mixed',
  space: {
    lr: { type: 'float', low: 1e-5, high: 1, log: true },
    layers: { type: 'int', low: 1, high: 8 },
    optimizer: { type: 'categorical', choices: ['sgd', 'momentum', 'adam', 'rmsprop'] },
    activation: { type: 'categorical', choices: ['relu', 'tanh', 'elu'] },
    dropout: { type: 'float', low: 0, high: 0.8 },
  },
  evaluate: ({ lr, layers, optimizer, activation, dropout }) => {
    const [centre, offset] = MIXED_LEARNING[String(optimizer)]!;
    const rate = 0.3 * (Math.log10(Number(lr)) - centre) ** 2;
    const depth = 0.02 * (Number(layers) - 4) ** 2;
    const drop = (Number(dropout) - 0.3 - 0.03 * Number(layers)) ** 2;
    return rate + depth + offset + MIXED_ACTIVATION[String(activation)]! + drop;
  },
};

/** Learning curves of all points of a small grid, last parameter fastest. */
export interface CurveTable {
  readonly name: string;
  readonly parameters: Readonly<Record<string, readonly (string | number)[]>>;
  readonly order: readonly string[];
  readonly epochs: number;
  readonly accuracy: readonly (readonly number[])[];
}

/** Numbers become the index into their list, strings stay categories. */
export const tableSpace = (table: CurveTable): SearchSpace =>
  Object.fromEntries(
    table.order.map((name) => {
      const values = table.parameters[name]!;
      if (typeof values[0] === 'string')
        return [name, { type: 'categorical' as const, choices: [...values] }];
      return [name, { type: 'int' as const, low: 0, high: values.length - 1 }];
    }),
  );

/** Accuracy after each epoch at a point of the table's space. */
export function curveAt(table: CurveTable, params: Params): readonly number[] {
  let place = 0;
  for (const name of table.order) {
    const values = table.parameters[name]!;
    const value = params[name]!;
    place =
      place * values.length +
      (typeof values[0] === 'string' ? values.indexOf(value as string) : Number(value));
  }
  return table.accuracy[place]!;
}

/** The table as an objective: −accuracy after the last epoch. */
export const tableObjective = (table: CurveTable): Objective => ({
  name: table.name,
  space: tableSpace(table),
  evaluate: (params) => -curveAt(table, params).at(-1)!,
});

export const functions: readonly Objective[] = [branin, hartmann6, rosenbrock5, ackley10, mixed];
