import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.ts';
import { createLogger, withoutSecrets } from './logger.ts';
import { setting } from './setting.ts';

function logged(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  log(createLogger({ service: 'spec', level: 'trace' }, { write: (line) => lines.push(line) }));
  for (const line of lines) JSON.parse(line);
  return lines.join('');
}

describe('what is logged', () => {
  const secret = randomBytes(32).toString('base64url');
  const key = `onegin_k3vq8zr2mtwb_${secret}`;

  it.each<[string, (logger: ReturnType<typeof createLogger>) => void]>([
    ['a message', (logger) => logger.info(`used ${key} for it`)],
    ['an address', (logger) => logger.info({ url: `/api/jobs?key=${key}&limit=1` })],
    ['an encoded address', (logger) => logger.info({ url: encodeURI(`/embed/x#key=${key}`) })],
    ['headers', (logger) => logger.debug({ headers: { authorization: secret, cookie: `a=${secret}` } })],
    ['answered headers', (logger) => logger.debug({ response: { headers: { 'set-cookie': [secret] } } })],
    ['a configuration', (logger) => logger.info({ config: { adminKey: secret, secretKey: secret } })],
    ['an error', (logger) => logger.error({ err: new Error(`bad ${key}`, { cause: new Error(key) }) })],
    ['a child', (logger) => logger.child({ url: key }).warn('x')],
    ['an address with a password', (logger) => logger.info(`redis://:${secret}@127.0.0.1:6379 is down`)],
  ])('in %s has no secret', (_where, log) => {
    const text = logged(log);
    expect(text).not.toContain(secret);
    expect(text).toContain('***');
  });

  it('never has what the process was configured with as a secret, in whatever form', () => {
    const [secretKey, password] = [`${randomBytes(12).toString('base64')}"/+`, 'p@ss/wörd'];
    const settings = {
      s3SecretKey: setting.text('S3_SECRET_KEY', 'x', { secret: true }),
      redisUrl: setting.url('REDIS_URL', 'x', ['redis']),
    };
    const redisUrl = `redis://:${encodeURIComponent(password)}@127.0.0.1:6379`;
    const config = loadConfig(settings, { S3_SECRET_KEY: secretKey, REDIS_URL: redisUrl });
    const text = logged((logger) => {
      logger.info(config, `with ${secretKey}`);
      logger.error({ err: new Error(`AUTH ${password} was refused at ${redisUrl}`) });
      logger.warn({ url: `http://127.0.0.1/?key=${encodeURIComponent(secretKey)}` });
    });
    for (const form of [secretKey, password])
      for (const written of [form, encodeURIComponent(form), JSON.stringify(form).slice(1, -1)])
        expect(text).not.toContain(written);
    expect(text.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('says which key it was', () => {
    expect(withoutSecrets(`with ${key}.`)).toBe('with onegin_k3vq8zr2mtwb_***.');
  });

  it('leaves alone what is no secret', () => {
    const line = 'GET http://127.0.0.1:7860/api/jobs onegin_gateway_requests mail@example.org onegin_search';
    expect(withoutSecrets(line)).toBe(line);
  });
});
