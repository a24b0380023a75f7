/** Keys, the session of the web UI, and which jobs anybody may look at. */
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
import { sessionOf, type Caller } from '../access/caller.ts';
import type { Client } from '../access/client.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import { sessionDigest } from '../access/sessions.ts';
import { route, type Route } from '../api/route.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jobParams } from './parameters.ts';

/** What is said of a caller, and secrets, are nobody else's: no cache keeps them. */
const NOT_KEPT = { 'cache-control': 'no-store' };

const getSession = route({
  method: 'get',
  path: '/api/session',
  operation: 'getSession',
  tag: 'Access',
  summary: 'What this caller may do, and whether keys are required',
  access: 'open',
  answer: { status: 200, description: 'What the caller may do.', schema: sessionSchema },
  problems: ['redis-unavailable'],
  async handle({ client }, parts) {
    const caller = await whoIs(client, parts);
    return { body: sessionOf(caller, parts.gatekeeper.keysRequired), headers: NOT_KEPT };
  },
});

/** Whoever has nothing to show, or nothing that is still good, is nobody yet. */
async function whoIs(client: Client, { door, gatekeeper }: GatewayParts): Promise<Caller | null> {
  try {
    return await door.countWrong(client.network, () => gatekeeper.identify(client));
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
  async handle({ body, client, headers }, { door, gatekeeper, sessions }) {
    refuseOtherPages(client, headers.origin);
    if (!gatekeeper.keysRequired)
      return { body: sessionOf(await gatekeeper.identify(client), false), headers: NOT_KEPT };
    const key = await door.countWrong(client.network, () => gatekeeper.verify(body.key.trim()));
    if (key.jobId !== null)
      throw new OneginError(
        'forbidden',
        `this key reads job ${key.jobId} only: open /embed/${key.jobId} with it`,
      );
    const now = Date.now();
    const expiresAt = Math.min(now + gatekeeper.settings.sessionLifetimeMs, key.expiresAt ?? Infinity);
    const token = await sessions.open({ keyId: key.id, keyDigest: key.digest, expiresAt });
    const caller = await gatekeeper.identify({ key: null, sessionToken: token });
    const maxAge = Math.max(1, Math.floor((expiresAt - now) / 1000));
    return {
      body: sessionOf(caller, true),
      headers: { ...NOT_KEPT, 'set-cookie': sessionCookie(token, client.secure, maxAge) },
    };
  },
});

/** A page of another site must not sign its visitor in, or out, as whomever it likes. */
function refuseOtherPages({ fromOwnPage }: Client, origin: string | undefined): void {
  if (origin !== undefined && !fromOwnPage)
    throw new OneginError('forbidden', `pages of ${origin} may not sign anybody in or out here`);
}

const signOut = route({
  method: 'delete',
  path: '/api/session',
  operation: 'signOut',
  tag: 'Access',
  summary: 'Sign out: end the session and remove its cookie; again changes nothing',
  access: 'open',
  answer: { status: 200, description: 'Signed out.', schema: sessionSchema },
  problems: ['forbidden', 'redis-unavailable'],
  async handle({ client, headers }, { gatekeeper, sessions }) {
    refuseOtherPages(client, headers.origin);
    if (client.sessionToken !== null) await sessions.close(sessionDigest(client.sessionToken));
    const caller = gatekeeper.keysRequired ? null : await gatekeeper.identify(client);
    return {
      body: sessionOf(caller, gatekeeper.keysRequired),
      headers: { ...NOT_KEPT, 'set-cookie': sessionCookie('', client.secure, 0) },
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
  handle: async (_call, { keys }) => ({ body: { keys: await keys.list() }, headers: NOT_KEPT }),
});

const createKey = route({
  method: 'post',
  path: '/api/keys',
  operation: 'createKey',
  tag: 'Access',
  summary: 'Make a key; its secret is told this once',
  access: 'admin',
  body: newApiKeySchema,
  answer: { status: 201, description: 'The key.', schema: madeApiKeySchema },
  problems: ['job-unknown', 'payload-too-large', 'unsupported-media-type'],
  async handle({ body, caller }, { keys, studies, logger }) {
    if (body.jobId !== undefined) await studies.study(body.jobId);
    const made = await keys.create(body);
    const { id, name, scope, jobId, expiresAt } = made;
    logger.info({ key: { id, name, scope, jobId, expiresAt }, by: caller?.key?.id }, 'key made');
    return { body: made, headers: NOT_KEPT };
  },
});

const revokeKey = route({
  method: 'post',
  path: '/api/keys/{keyId}/revoke',
  operation: 'revokeKey',
  tag: 'Access',
  summary: 'Revoke a key for good, with its sessions and sockets; again changes nothing',
  access: 'admin',
  params: z.strictObject({ keyId: keyIdSchema.describe('Id of the key.') }),
  answer: { status: 200, description: 'The key, revoked.', schema: apiKeySchema },
  problems: ['key-unknown'],
  async handle({ params: { keyId }, caller }, { keys, logger }) {
    const revoked = await keys.revoke(keyId);
    logger.info({ key: { id: keyId, name: revoked.name }, by: caller?.key?.id }, 'key revoked');
    return { body: revoked, headers: NOT_KEPT };
  },
});

const getSharing = route({
  method: 'get',
  path: '/api/jobs/{jobId}/sharing',
  operation: 'getSharing',
  tag: 'Access',
  summary: 'Whether anybody may look at the job',
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
  summary: 'Let anybody look at the job who knows its address, or end that',
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

export const accessRoutes: readonly Route[] = [
  getSession,
  signIn,
  signOut,
  listKeys,
  createKey,
  revokeKey,
  getSharing,
  setSharing,
];
