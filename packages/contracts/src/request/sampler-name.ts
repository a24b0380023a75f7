/** The samplers a user can name; their options and rules are in packages/search. */
import * as z from 'zod';

export const samplerNameSchema = z.enum(['auto', 'tpe', 'gp', 'cmaes', 'qmc', 'nsga2', 'grid', 'random']);
export type SamplerName = z.infer<typeof samplerNameSchema>;
