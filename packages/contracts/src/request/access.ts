/** Who may do what: API keys, what they allow, and what a caller is told about itself. */
import * as z from 'zod';
import { jobIdSchema } from '../targets.ts';

/** What a key allows, each with everything before it: to look; to start and cancel jobs; to make and revoke keys. */
export const scopes = ['read', 'run', 'admin'] as const;
export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

/** Whether a key of scope `has` may do what asks for `needed`. */
export const allows = (has: Scope, needed: Scope): boolean => scopes.indexOf(has) >= scopes.indexOf(needed);

export const keyIdSchema = z.string().regex(/^[a-z0-9]{8,24}$/, 'expected the id of a key');

/**
 * `onegin_<id>_<secret>`: the id finds the key, the secret (32 random bytes, base64url) proves it. The form is fixed
 * so that programs that look for leaked secrets can know it.
 */
export const API_KEY_FORM = /^onegin_([a-z0-9]{8,24})_([A-Za-z0-9_-]{43})$/;

/** Longer ones are not looked at. */
export const LONGEST_KEY_TEXT = 512;

const time = z.int().min(0).describe('Milliseconds since 1970.');

/** What is told of a key; its secret is told once, when it is made. */
export const apiKeySchema = z.strictObject({
  id: keyIdSchema,
  name: z.string(),
  scope: scopeSchema,
  jobId: jobIdSchema.nullable().describe('The only job that it may read; null: all.'),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  lastUsedAt: time.nullable().describe('Accurate to a minute.'),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

const LONGEST_NAME = 120;
/** A key that is meant to end should do so within a person's memory. */
const LONGEST_LIFE_SECONDS = 10 * 366 * 86_400;

export const newApiKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(LONGEST_NAME).describe('Who or what uses it.'),
    scope: scopeSchema.describe('What it allows: read, run (read too) or admin (everything).'),
    expiresInSeconds: z
      .int()
      .min(1)
      .max(LONGEST_LIFE_SECONDS)
      .optional()
      .describe('How long it is valid; absent: until it is revoked.'),
    jobId: jobIdSchema
      .optional()
      .describe('It reads this job and nothing else: for a view that is embedded in another site.'),
  })
  .refine(({ scope, jobId }) => jobId === undefined || scope === 'read', {
    path: ['scope'],
    message: 'expected "read" for a key to one job',
  });
export type NewApiKey = z.input<typeof newApiKeySchema>;

/** The answer to making a key. */
export const madeApiKeySchema = z.strictObject({
  key: z.string().describe('The key itself. It is told this once and stored nowhere.'),
  ...apiKeySchema.shape,
});
export type MadeApiKey = z.infer<typeof madeApiKeySchema>;

export const signInSchema = z.strictObject({ key: z.string().min(1).max(LONGEST_KEY_TEXT) });

/** What a caller may do here; the web UI asks first of all. */
export const sessionSchema = z.strictObject({
  keysRequired: z.boolean().describe('False: everybody who reaches the gateway may do everything.'),
  scope: scopeSchema.nullable().describe('What this caller may do; null: nothing, a key is needed.'),
  signedIn: z.boolean().describe('Whether the session cookie was what let the caller in.'),
  key: apiKeySchema.pick({ id: true, name: true }).nullable().describe('The key that stands behind.'),
  jobId: jobIdSchema.nullable().describe('The only job that the caller may read; null: all.'),
  expiresAt: time.nullable().describe('When this ends by itself.'),
});
export type Session = z.infer<typeof sessionSchema>;

/** Whether a job may be looked at by anybody who knows its address. */
export const sharingSchema = z.strictObject({ jobId: jobIdSchema, public: z.boolean() });

/** What a socket says of itself when it connects, in Socket.IO's `auth`; programs may send the header instead. */
export const socketAuthSchema = z.strictObject({
  key: z.string().min(1).max(LONGEST_KEY_TEXT).optional(),
  /** Without a key: the public job that it wants to watch. */
  jobId: jobIdSchema.optional(),
});
