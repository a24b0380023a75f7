/** Keys, the session of the web UI, and which jobs are public. */
import { z } from 'zod';
import {
  apiKeySchema,
  keyIdSchema,
  madeApiKeySchema,
  newApiKeySchema,
  OneginError,
  sessionSchema,
  sharingSchema,
  signInSchema,
} from '@onegin/contracts';
import type { ApiKeys, Logger } from '@onegin/service-kit';
import type { AccessSettings } from '../access/access-settings.ts';
import type { Authenticator } from '../access/authenticator.ts';
import type { Authorizer } from '../access/authorizer.ts';
import { sessionOf, type Caller } from '../access/caller.ts';
import type { Client } from '../access/client.ts';
import type { PublicJobs } from '../access/public-jobs.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { sessionDigest, type Sessions } from '../access/sessions.ts';
import { routesWith } from '../api/route.ts';
import type { Studies } from '../jobs/studies.ts';
import { jobParams } from './parameters.ts';

interface AccessRouteDeps {
  readonly authenticator: Authenticator;
  readonly authorizer: Pick<Authorizer, 'countFailures'>;
  readonly access: Pick<AccessSettings, 'sessionLifetimeMs'>;
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly publicJobs: PublicJobs;
  readonly studies: Pick<Studies, 'study'>;
  readonly logger: Logger;
}

const route = routesWith<AccessRouteDeps>();

/** Caches must store neither secrets nor what concerns a single caller. */
const NO_STORE = { 'cache-control': 'no-store' };

const getSession = route({
  method: 'get',
  path: '/api/session',
  operation: 'getSession',
  tag: 'Access',
  summary: 'What this caller may do, and whether keys are required',
  access: 'open',
  answer: { status: 200, description: 'What the caller may do.', schema: sessionSchema },
  problems: ['redis-unavailable'],
  async handle({ client }, deps) {
    const caller = await callerOf(client, deps);
    return { body: sessionOf(caller, deps.authenticator.keysRequired), headers: NO_STORE };
  },
});

/** Null without valid credentials. */
async function callerOf(
  client: Client,
  { authorizer, authenticator }: AccessRouteDeps,
): Promise<Caller | null> {
  try {
    return await authorizer.countFailures(client.network, () => authenticator.authenticate(client));
  } catch (error) {
    if (error instanceof OneginError && error.code === 'unauthorized') return null;
    throw error;
  }
}

const signIn = route({
  method: 'post',
  path: '/api/session',
  operation: 'signIn',
  tag: 'Access',
  summary: 'Sign the web UI in: a key for a session cookie',
  access: 'open',
  body: signInSchema,
  answer: { status: 200, description: 'Signed in; the cookie is set.', schema: sessionSchema },
  problems: ['unauthorized', 'forbidden', 'redis-unavailable', 'payload-too-large', 'unsupported-media-type'],
  async handle({ body, client, headers }, { authorizer, authenticator, access, sessions }) {
    refuseOtherPages(client, headers.origin);
    if (!authenticator.keysRequired)
      return { body: sessionOf(await authenticator.authenticate(client), false), headers: NO_STORE };
    const key = await authorizer.countFailures(client.network, () => authenticator.verify(body.key.trim()));
    if (key.jobId !== null)
      throw new OneginError(
        'forbidden',
        `this key reads job ${key.jobId} only: open /embed/${key.jobId} with it`,
      );
    const now = Date.now();
    const expiresAt = Math.min(now + access.sessionLifetimeMs, key.expiresAt ?? Infinity);
    const token = await sessions.open({ keyId: key.id, keyDigest: key.digest, expiresAt });
    const caller = await authenticator.authenticate({ key: null, sessionToken: token });
    const maxAge = Math.max(1, Math.floor((expiresAt - now) / 1000));
    return {
      body: sessionOf(caller, true),
      headers: { ...NO_STORE, 'set-cookie': sessionCookie(token, client.secure, maxAge) },
    };
  },
});

/** A page of another site must not sign its visitors in, as anyone, or out. */
function refuseOtherPages({ fromOwnPage }: Client, origin: string | undefined): void {
  if (origin !== undefined && !fromOwnPage)
    throw new OneginError('forbidden', `pages of ${origin} may not sign anyone in or out here`);
}

const signOut = route({
  method: 'delete',
  path: '/api/session',
  operation: 'signOut',
  tag: 'Access',
  summary: 'Sign out: end the session and remove its cookie; repeating it changes nothing',
  access: 'open',
  answer: { status: 200, description: 'Signed out.', schema: sessionSchema },
  problems: ['forbidden', 'redis-unavailable'],
  async handle({ client, headers }, { authenticator, sessions }) {
    refuseOtherPages(client, headers.origin);
    if (client.sessionToken !== null) await sessions.close(sessionDigest(client.sessionToken));
    const caller = authenticator.keysRequired ? null : await authenticator.authenticate(client);
    return {
      body: sessionOf(caller, authenticator.keysRequired),
      headers: { ...NO_STORE, 'set-cookie': sessionCookie('', client.secure, 0) },
    };
  },
});

const listKeys = route({
  method: 'get',
  path: '/api/keys',
  operation: 'listKeys',
  tag: 'Access',
  summary: 'All keys, without their secrets',
  access: 'admin',
  answer: {
    status: 200,
    description: 'The keys, newest first.',
    schema: z.strictObject({ keys: z.array(apiKeySchema) }),
  },
  problems: [],
  handle: async (_call, { keys }) => ({ body: { keys: await keys.list() }, headers: NO_STORE }),
});

const createKey = route({
  method: 'post',
  path: '/api/keys',
  operation: 'createKey',
  tag: 'Access',
  summary: 'Create a key; its secret is shown only once',
  access: 'admin',
  body: newApiKeySchema,
  answer: { status: 201, description: 'The key.', schema: madeApiKeySchema },
  problems: ['job-unknown', 'payload-too-large', 'unsupported-media-type'],
  async handle({ body, caller }, { keys, studies, logger }) {
    if (body.jobId !== undefined) await studies.study(body.jobId);
    const made = await keys.create(body);
    const { id, name, scope, jobId, expiresAt } = made;
    logger.info({ key: { id, name, scope, jobId, expiresAt }, by: caller?.key?.id }, 'key made');
    return { body: made, headers: NO_STORE };
  },
});

const revokeKey = route({
  method: 'post',
  path: '/api/keys/{keyId}/revoke',
  operation: 'revokeKey',
  tag: 'Access',
  summary: 'Revoke a key for good, with its sessions and sockets; repeating it changes nothing',
  access: 'admin',
  params: z.strictObject({ keyId: keyIdSchema.describe('Id of the key.') }),
  answer: { status: 200, description: 'The key, revoked.', schema: apiKeySchema },
  problems: ['key-unknown'],
  async handle({ params: { keyId }, caller }, { keys, logger }) {
    const revoked = await keys.revoke(keyId);
    logger.info({ key: { id: keyId, name: revoked.name }, by: caller?.key?.id }, 'key revoked');
    return { body: revoked, headers: NO_STORE };
  },
});

const getSharing = route({
  method: 'get',
  path: '/api/jobs/{jobId}/sharing',
  operation: 'getSharing',
  tag: 'Access',
  summary: 'Whether anyone may view the job',
  access: 'read',
  params: jobParams,
  answer: { status: 200, description: 'Whether it is public.', schema: sharingSchema },
  problems: ['job-unknown'],
  async handle({ params }, { studies, publicJobs }) {
    const { jobId } = await studies.study(params.jobId);
    return { body: { jobId, public: await publicJobs.has(jobId) } };
  },
});

const setSharing = route({
  method: 'post',
  path: '/api/jobs/{jobId}/sharing',
  operation: 'setSharing',
  tag: 'Access',
  summary: 'Let anyone who knows its address view the job, or stop that',
  access: 'run',
  params: jobParams,
  body: sharingSchema.pick({ public: true }),
  answer: { status: 200, description: 'Whether it is public.', schema: sharingSchema },
  problems: ['job-unknown', 'payload-too-large', 'unsupported-media-type'],
  async handle({ params, body, caller }, { studies, publicJobs, logger }) {
    const { jobId } = await studies.study(params.jobId);
    await publicJobs.set(jobId, body.public);
    logger.info({ jobId, public: body.public, by: caller?.key?.id }, 'sharing changed');
    return { body: { jobId, public: body.public } };
  },
});

export const accessRoutes = [
  getSession,
  signIn,
  signOut,
  listKeys,
  createKey,
  revokeKey,
  getSharing,
  setSharing,
];
