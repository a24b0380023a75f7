/**
 * The search space: which parameters a study varies, in which ranges, under which conditions.
 *
 * One JSON form for users, services and samplers:
 *
 *   { lr:    { type: 'float', low: 1e-5, high: 1e-1, log: true },
 *     units: { type: 'int', low: 16, high: 512, step: 16 },
 *     opt:   { type: 'categorical', choices: ['sgd', 'adam'] },
 *     beta:  { type: 'float', low: 0, high: 0.99, when: { param: 'opt', in: ['sgd'] } } }
 */
import * as z from 'zod';

/** A value that a parameter can take. */
export const paramValueSchema = z.union([z.number(), z.string(), z.boolean()]);
export type ParamValue = z.infer<typeof paramValueSchema>;

/** Values by parameter name; an inactive conditional parameter is absent. */
export const paramsSchema = z.record(z.string(), paramValueSchema);
export type Params = z.infer<typeof paramsSchema>;

const finite = z.number().finite();

/** Active only while the named parameter is itself active and has one of these values. */
const conditionSchema = z.strictObject({
  param: z.string().min(1),
  in: z.array(paramValueSchema).min(1),
});

const shared = {
  when: conditionSchema.optional(),
  /** One plain sentence for people: what the parameter does. */
  explanation: z.string().optional(),
};

const floatParameterSchema = z.strictObject({
  type: z.literal('float'),
  low: finite,
  high: finite,
  log: z.boolean().optional(),
  step: finite.positive().optional(),
  ...shared,
});

const intParameterSchema = z.strictObject({
  type: z.literal('int'),
  low: z.int(),
  high: z.int(),
  log: z.boolean().optional(),
  step: z.int().positive().optional(),
  ...shared,
});

const categoricalParameterSchema = z.strictObject({
  type: z.literal('categorical'),
  choices: z.array(paramValueSchema).min(1),
  ...shared,
});

export const parameterSchema = z
  .discriminatedUnion('type', [floatParameterSchema, intParameterSchema, categoricalParameterSchema])
  .superRefine((parameter, context) => {
    const refuse = (field: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [field], message, input });
    if (parameter.type === 'categorical') {
      if (new Set(parameter.choices).size !== parameter.choices.length)
        refuse('choices', 'expected choices that differ from each other', parameter.choices);
      return;
    }
    const { low, high, log, step } = parameter;
    if (low > high) refuse('high', `expected a number of at least low (${low})`, high);
    if (log && low <= 0) refuse('low', 'expected a number above 0 because log is true', low);
    if (log && step !== undefined && !(parameter.type === 'int' && step === 1))
      refuse('step', 'expected no step because log is true', step);
    else if (step !== undefined && low <= high) {
      const cells = (high - low) / step;
      // Decimal steps such as 0.1 are not exact in binary; a millionth of a cell covers their rounding.
      if (Math.abs(cells - Math.round(cells)) > 1e-6)
        refuse('step', `expected a step that divides high − low (${high - low})`, step);
    }
  });
export type Parameter = z.infer<typeof parameterSchema>;

const same = (a: ParamValue, b: ParamValue): boolean => a === b;

/** Whether the parameter can take the value (range, grid and choices; conditions are not looked at). */
export function parameterAllows(parameter: Parameter, value: ParamValue): boolean {
  if (parameter.type === 'categorical') return parameter.choices.some((choice) => same(choice, value));
  if (typeof value !== 'number' || !(value >= parameter.low && value <= parameter.high)) return false;
  if (parameter.type === 'int' && !Number.isInteger(value)) return false;
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  if (step === undefined) return true;
  const cells = (value - parameter.low) / step;
  return Math.abs(cells - Math.round(cells)) <= 1e-6;
}

export const searchSpaceSchema = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'expected letters, digits and _'), parameterSchema)
  .superRefine((space, context) => {
    if (Object.keys(space).length === 0)
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'expected at least one parameter',
        input: space,
      });
    for (const [name, { when }] of Object.entries(space)) {
      if (!when) continue;
      const parent = space[when.param];
      if (!parent)
        context.addIssue({
          code: 'custom',
          path: [name, 'when', 'param'],
          message: 'expected the name of a parameter of this space',
          input: when.param,
        });
      else
        when.in.forEach((value, index) => {
          if (!parameterAllows(parent, value))
            context.addIssue({
              code: 'custom',
              path: [name, 'when', 'in', index],
              message: `expected a value that ${when.param} can take`,
              input: value,
            });
        });
      if (conditionLoops(space, name))
        context.addIssue({
          code: 'custom',
          path: [name, 'when'],
          message: 'expected conditions without a loop',
          input: when,
        });
    }
  });
export type SearchSpace = z.infer<typeof searchSpaceSchema>;

function conditionLoops(space: Record<string, Parameter>, start: string): boolean {
  const seen = new Set([start]);
  for (let name = space[start]?.when?.param; name !== undefined; name = space[name]?.when?.param) {
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}

/** Whether a parameter is active under the given values: every condition up its chain holds. */
export function isActive(space: SearchSpace, name: string, params: Params): boolean {
  const when = space[name]?.when;
  if (!when) return name in space;
  const value = params[when.param];
  if (value === undefined || !when.in.some((allowed) => same(allowed, value))) return false;
  return isActive(space, when.param, params);
}

/** Examples for documentation and tests. */
export const searchSpaceExamples: SearchSpace[] = [
  {
    lr: { type: 'float', low: 1e-5, high: 1e-1, log: true },
    units: { type: 'int', low: 16, high: 512, step: 16 },
    optimizer: { type: 'categorical', choices: ['sgd', 'adam'] },
    momentum: { type: 'float', low: 0, high: 0.99, when: { param: 'optimizer', in: ['sgd'] } },
  },
];
