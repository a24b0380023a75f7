/** What a job can use: datasets, search spaces, modes, samplers, pruners, trainers. */
import { z } from 'zod';
import {
  datasetListingSchema,
  defaultHealthWeights,
  healthWeightsSchema,
  modelKindOf,
  modelKindSchema,
  modeSchema,
  objectiveNames,
  OneginError,
  requestJsonSchema,
  searchSpaceSchema,
  standardSpace,
  trainerHeartbeatSchema,
  type TrainerHeartbeat,
} from '@onegin/contracts';
import { routesWith } from '../api/route.ts';
import type { Datasets } from '../datasets.ts';
import { healthMetricTexts, modeTexts } from '../texts/objective-texts.ts';
import { prunerTexts, samplerTexts } from '../texts/search-texts.ts';

interface CatalogueRouteDeps {
  readonly datasets: Datasets;
  readonly trainers: () => Promise<TrainerHeartbeat[]>;
}

const route = routesWith<CatalogueRouteDeps>();

const listDatasets = route({
  method: 'get',
  path: '/api/datasets',
  operation: 'listDatasets',
  tag: 'Catalogue',
  summary: 'The datasets that a job can use',
  access: 'read',
  answer: {
    status: 200,
    description: 'The datasets.',
    schema: z.strictObject({ datasets: z.array(datasetListingSchema) }),
  },
  problems: [],
  handle: async (_call, { datasets }) => ({ body: { datasets: [...(await datasets())] } }),
});

const getSearchSpace = route({
  method: 'get',
  path: '/api/search-space',
  operation: 'getSearchSpace',
  tag: 'Catalogue',
  summary: 'The standard search space for a dataset, with every parameter explained',
  access: 'read',
  query: z.strictObject({ dataset: z.string().min(1).max(200).describe('Name of a dataset.') }),
  answer: {
    status: 200,
    description: 'The search space.',
    schema: z.strictObject({ dataset: z.string(), modelKind: modelKindSchema, space: searchSpaceSchema }),
  },
  problems: ['dataset-unknown'],
  async handle({ query: { dataset } }, { datasets }) {
    const known = await datasets();
    const found = known.find(({ name }) => name === dataset);
    if (!found) {
      const expected = `expected one of ${known.map(({ name }) => name).join(', ')}`;
      throw new OneginError(
        'dataset-unknown',
        `there is no dataset ${JSON.stringify(dataset)}; ${expected}`,
        {
          problems: [{ field: 'dataset', expected, found: dataset }],
        },
      );
    }
    const modelKind = modelKindOf(found.kind);
    return { body: { dataset, modelKind, space: standardSpace(modelKind) } };
  },
});

const getObjective = route({
  method: 'get',
  path: '/api/objective',
  operation: 'getObjective',
  tag: 'Catalogue',
  summary: 'What the modes optimize, and the default weights',
  access: 'open',
  answer: {
    status: 200,
    description: 'Modes, weights and what each health metric means.',
    schema: z.strictObject({
      modes: z.array(
        z.strictObject({
          mode: modeSchema,
          title: z.string(),
          explanation: z.string(),
          formula: z.string(),
          objectives: z.array(
            z.strictObject({ name: z.string(), direction: z.enum(['maximize', 'minimize']) }),
          ),
        }),
      ),
      weights: healthWeightsSchema,
      metrics: z.array(
        z.strictObject({
          name: z.string(),
          weight: z.number(),
          title: z.string(),
          explanation: z.string(),
          links: z.array(z.strictObject({ title: z.string(), url: z.url() })),
        }),
      ),
    }),
  },
  problems: [],
  handle: async () => ({
    body: {
      modes: modeSchema.options.map((mode) => ({
        mode,
        ...modeTexts[mode],
        objectives: objectiveNames(mode),
      })),
      weights: defaultHealthWeights,
      metrics: healthMetricTexts.map((text) => ({
        ...text,
        links: [...text.links],
        weight: defaultHealthWeights.metrics[text.name],
      })),
    },
  }),
});

const listTrainers = route({
  method: 'get',
  path: '/api/trainers',
  operation: 'listTrainers',
  tag: 'Catalogue',
  summary: 'The live trainers',
  access: 'read',
  answer: {
    status: 200,
    description: 'The trainers.',
    schema: z.strictObject({ trainers: z.array(trainerHeartbeatSchema) }),
  },
  problems: [],
  handle: async (_call, { trainers }) => ({ body: { trainers: await trainers() } }),
});

const namedTexts = z.array(z.strictObject({ name: z.string(), title: z.string(), explanation: z.string() }));

const listSamplers = route({
  method: 'get',
  path: '/api/samplers',
  operation: 'listSamplers',
  tag: 'Catalogue',
  summary: 'How parameters can be proposed',
  access: 'open',
  answer: { status: 200, description: 'The samplers.', schema: z.strictObject({ samplers: namedTexts }) },
  problems: [],
  handle: async () => ({ body: { samplers: samplerTexts } }),
});

const listPruners = route({
  method: 'get',
  path: '/api/pruners',
  operation: 'listPruners',
  tag: 'Catalogue',
  summary: 'How weak trials can be stopped early, with the options of each pruner',
  access: 'open',
  answer: {
    status: 200,
    description: 'The pruners; `options` is a JSON Schema.',
    schema: z.strictObject({ pruners: namedTexts, options: z.record(z.string(), z.unknown()) }),
  },
  problems: [],
  handle: async () => ({
    body: {
      pruners: prunerTexts,
      options: requestJsonSchema().properties['pruner'] as Record<string, unknown>,
    },
  }),
});

export const catalogueRoutes = [
  listDatasets,
  getSearchSpace,
  getObjective,
  listTrainers,
  listSamplers,
  listPruners,
];
