import { expect, it } from '@jest/globals';
import { allows, API_KEY_FORM, newApiKeySchema, scopes } from './access.ts';

it('each scope allows itself and what comes before it', () => {
  expect(scopes.map((has) => scopes.filter((needed) => allows(has, needed)))).toEqual([
    ['read'],
    ['read', 'run'],
    ['read', 'run', 'admin'],
  ]);
});

it('a key to one job only reads', () => {
  const accepts = (key: object) => newApiKeySchema.safeParse({ name: 'a view', ...key }).success;
  expect(accepts({ scope: 'read', jobId: 'job-example' })).toBe(true);
  expect(accepts({ scope: 'run', jobId: 'job-example' })).toBe(false);
  expect(accepts({ scope: 'run' })).toBe(true);
  expect(accepts({ scope: 'run', expiresInSeconds: 0 })).toBe(false);
  expect(accepts({ scope: 'run', expiresInSeconds: 1 })).toBe(true);
});

it('a key has the form that scanners for leaked secrets know', () => {
  const secret = 'a'.repeat(43);
  expect(API_KEY_FORM.exec(`onegin_abcd1234_${secret}`)?.slice(1)).toEqual(['abcd1234', secret]);
  for (const wrong of [`onegin_abc_${secret}`, `onegin_abcd1234_${secret}a`, `other_abcd1234_${secret}`])
    expect(API_KEY_FORM.test(wrong)).toBe(false);
});
