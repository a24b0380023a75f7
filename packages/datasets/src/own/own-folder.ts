import { z } from 'zod';

/** What `dataset.json` may say. */
export const ownSettingsSchema = z.strictObject({
  title: z.string().min(1).optional(),
  description: z.string().min(1).optional(),
  licence: z.string().min(1).optional(),
  page: z.url().optional(),
  /** Images are brought to size × size pixels. */
  size: z.int().min(8).max(256).default(32),
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  /** Tokens kept of a text. */
  sequenceLength: z.int().min(1).max(4096).default(400),
});
export type OwnSettings = z.infer<typeof ownSettingsSchema>;

export interface OwnFolder {
  name: string;
  path: string;
  settings: OwnSettings;
  /** Goes into the prepared file's name: other files make another dataset. */
  fingerprint: string;
}
