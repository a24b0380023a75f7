import { describe, expect, test } from '@jest/globals';
import { artifactSettings, artifactStoreConfig, commonSettings } from './common-settings.ts';
import { describeSettings, loadConfig } from './load-config.ts';
import { setting } from './setting.ts';

const settings = {
  port: setting.port('PORT', 'Where it listens.', { default: '8080' }),
  grace: setting.duration('GRACE', 'How long it waits.'),
  gpu: setting.flag('GPU', 'Whether there is one.', { default: 'false' }),
  mode: setting.choice('MODE', 'Which way.', ['fast', 'slow'], { default: 'fast' }),
  server: setting.optional(setting.url('SERVER', 'Another server.', ['http', 'https'])),
  names: setting.list('NAMES', 'Some names.', { default: 'a,b' }),
  key: setting.optional(setting.text('KEY', 'A secret.', { secret: true })),
};

describe('the configuration', () => {
  test('is read from the environment, with defaults', () => {
    expect(loadConfig(settings, { GRACE: '1.5m', NAMES: ' x , y,' })).toEqual({
      port: 8080,
      grace: 90_000,
      gpu: false,
      mode: 'fast',
      names: ['x', 'y'],
    });
    expect(
      loadConfig(settings, { GRACE: '30s', GPU: 'true', SERVER: 'https://a.test:9', PORT: '0' }),
    ).toMatchObject({
      port: 0,
      grace: 30_000,
      gpu: true,
      server: 'https://a.test:9',
    });
  });

  test('an empty variable is as if it were not there', () => {
    expect(loadConfig(settings, { GRACE: '1s', PORT: '', SERVER: '' })).toMatchObject({ port: 8080 });
  });

  test('all wrong variables are named at once, with the form they should have', () => {
    const wrong = { PORT: '99999', GRACE: '30', GPU: 'yes', MODE: 'slower', SERVER: 'a.test' };
    let message = '';
    try {
      loadConfig(settings, wrong);
    } catch (error) {
      expect(error).toMatchObject({ code: 'config-invalid' });
      message = (error as Error).message;
    }
    expect(message.split('\n').slice(1)).toEqual([
      '  PORT: expected a whole number from 0 to 65535, found "99999"',
      '  GRACE: expected a duration such as 500ms, 30s, 5m, 2h or 7d, found "30"',
      '  GPU: expected true or false, found "yes"',
      '  MODE: expected one of fast, slow, found "slower"',
      '  SERVER: expected an address such as http://host:port, found "a.test"',
    ]);
  });

  test('a variable that has no default is asked for', () => {
    expect(() => loadConfig(settings, {})).toThrow(/GRACE: expected a duration.*found nothing/);
  });

  test('a wrong secret is not shown', () => {
    const secret = { pin: setting.integer('PIN', 'A secret.', { min: 0, max: 9, secret: true }) };
    expect(() => loadConfig(secret, { PIN: '1234' })).toThrow(/PIN: expected/);
    expect(() => loadConfig(secret, { PIN: '1234' })).not.toThrow(/1234/);
  });
});

describe('shared settings', () => {
  test('fit one machine', () => {
    const config = loadConfig({ ...commonSettings, ...artifactSettings }, {});
    expect(config.redisUrl).toBe('redis://127.0.0.1:6399');
    expect(artifactStoreConfig(config)).toEqual({ directory: './data/artifacts' });
  });

  test('an S3 server needs its keys', () => {
    const S3_ENDPOINT = 'http://minio:9000';
    expect(() => artifactStoreConfig(loadConfig(artifactSettings, { S3_ENDPOINT }))).toThrow(
      /S3_ACCESS_KEY and S3_SECRET_KEY/,
    );
    const all = { S3_ENDPOINT, S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' };
    expect(artifactStoreConfig(loadConfig(artifactSettings, all))).toMatchObject({
      endpoint: S3_ENDPOINT,
      accessKey: 'a',
      secretKey: 'b',
      bucket: 'onegin',
    });
  });

  test('are described with form and default, secrets without', () => {
    const text = describeSettings('all services', { ...commonSettings, ...artifactSettings });
    expect(text).toContain('# REDIS_URL=redis://127.0.0.1:6399');
    expect(text).toContain('# S3_SECRET_KEY=\n'.trim());
    expect(text).toContain('One of fatal, error, warn, info, debug, trace, silent.');
  });
});
