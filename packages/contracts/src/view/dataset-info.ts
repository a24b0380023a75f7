/**
 * What a catalogue entry says about a dataset: enough to show it, to choose a network for it and to fetch it.
 * The entries themselves live in `packages/datasets`.
 */
import * as z from 'zod';

/** `mnist`, or `own/flowers` for a folder of the user's own. */
export const datasetNameSchema = z
  .string()
  .regex(/^(own\/)?[a-z0-9][a-z0-9._-]{0,63}$/, 'expected lower-case letters, digits, ".", "_" and "-"');

export const DATASET_KINDS = ['image', 'text'] as const;
export const datasetKindSchema = z.enum(DATASET_KINDS);
export type DatasetKind = z.infer<typeof datasetKindSchema>;

export const checksumSchema = z.strictObject({
  /** What the publisher or Keras states; md5 guards against damage only, sha256 against tampering as well. */
  algorithm: z.enum(['sha256', 'md5']),
  value: z.string().regex(/^[0-9a-f]{32}([0-9a-f]{32})?$/),
});
export type Checksum = z.infer<typeof checksumSchema>;

export const datasetDownloadSchema = z.strictObject({
  /** Name of the file as the publisher calls it, and as `--from` looks for it. */
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  /** Addresses of the same file, tried in this order. */
  urls: z.array(z.url()).min(1),
  /** Size in bytes where it is known; used for progress, and as the limit that a download may not pass. */
  bytes: z.int().positive().optional(),
  /** Absent where no publisher states one: then the checksum of the first fetch is recorded and kept to. */
  checksum: checksumSchema.optional(),
});
export type DatasetDownload = z.infer<typeof datasetDownloadSchema>;

const shapeSchema = z.union([
  z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  z.tuple([z.int().positive()]),
]);

export const datasetInfoSchema = z.strictObject({
  name: datasetNameSchema,
  title: z.string().min(1),
  /** One or two sentences for people. */
  description: z.string().min(1),
  kind: datasetKindSchema,
  /** Images: height, width, channels. Texts: the longest sequence of tokens that is kept. */
  shape: shapeSchema,
  /** Class names; a label is an index into them. */
  classes: z.array(z.string().min(1)).min(2),
  /** Samples per part, after the split; of an own dataset only known once it is read. */
  sizes: z.strictObject({
    train: z.int().nonnegative(),
    validation: z.int().nonnegative(),
    test: z.int().nonnegative(),
  }),
  licence: z.string().min(1),
  /** The page that explains the dataset. */
  page: z.url().optional(),
  /** Drawn by a program, not taken from the world; shown wherever the dataset shows. */
  synthetic: z.boolean(),
  /** Whether it works right after install. */
  bundled: z.boolean(),
  downloads: z.array(datasetDownloadSchema),
});
export type DatasetInfo = z.infer<typeof datasetInfoSchema>;

/** An entry with what this machine knows about it: the answer of `GET /api/datasets`. */
export const datasetListingSchema = datasetInfoSchema.extend({
  /** Whether it is in the cache or bundled, so that training can start without a download. */
  ready: z.boolean(),
});
export type DatasetListing = z.infer<typeof datasetListingSchema>;

export const datasetInfoExamples: DatasetInfo[] = [
  {
    name: 'mnist',
    title: 'MNIST',
    description: 'Handwritten digits, 28 × 28 pixels, one grey channel.',
    kind: 'image',
    shape: [28, 28, 1],
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    sizes: { train: 54_000, validation: 6_000, test: 10_000 },
    licence: 'CC BY-SA 3.0',
    page: 'https://keras.io/api/datasets/mnist/',
    synthetic: false,
    bundled: false,
    downloads: [
      {
        file: 'train-labels-idx1-ubyte.gz',
        urls: ['https://example.org/train-labels-idx1-ubyte.gz'],
        bytes: 28_881,
      },
    ],
  },
];
