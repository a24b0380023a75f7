import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../config.ts';
import { accessSettings } from './access-settings.ts';

const settings = (environment: Record<string, string>) => accessSettings(gatewayConfig(environment));

describe('who needs a key', () => {
  it.each<[Record<string, string>, 'open' | 'keys', boolean]>([
    [{}, 'open', true],
    [{ HOST: '::1' }, 'open', true],
    [{ HOST: '0.0.0.0' }, 'keys', false],
    [{ HOST: '::' }, 'keys', false],
    [{ HOST: '127.evil.example' }, 'keys', false],
    [{ AUTH: 'keys' }, 'keys', false],
    [{ HOST: '0.0.0.0', AUTH: 'off' }, 'open', false],
  ])('%j: %s', (environment, mode, onlyThisMachine) => {
    expect(settings(environment)).toMatchObject({ mode, onlyThisMachine });
  });

  it('bounds requests everywhere but on open loopback', () => {
    expect(settings({}).requestsPerMinute).toBe(0);
    expect(settings({ HOST: '0.0.0.0', AUTH: 'off' }).requestsPerMinute).toBe(3000);
  });
});

describe('wrong settings', () => {
  it.each<[Record<string, string>, string]>([
    [{ ONEGIN_ADMIN_KEY: 'short-secret' }, 'ONEGIN_ADMIN_KEY'],
    [{ ONEGIN_ADMIN_KEY_FILE: '/nowhere/admin.key' }, 'ONEGIN_ADMIN_KEY_FILE'],
    [{ EMBED_ORIGINS: "https://a.example; script-src 'unsafe-inline'" }, 'EMBED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS'],
    [{ TRUSTED_PROXIES: 'everybody' }, 'TRUSTED_PROXIES'],
  ])('%j are named, and no secret is shown', (environment, field) => {
    expect(() => settings(environment)).toThrow(field);
    expect(() => settings(environment)).not.toThrow('short-secret');
  });
});
