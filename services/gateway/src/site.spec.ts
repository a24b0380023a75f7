/** What the gateway says about its installation: the foot of the web UI (4.8) and its TensorBoard (3.5). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptySite, type Site } from '@onegin/contracts';
import { gatewayConfig, siteOf } from './config.ts';
import { append, trialEvents } from './testing/play-study.ts';
import { ask, post, startTestStack, type TestStack } from './testing/test-gateway.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.remove());

const environment = { REDIS_URL: 'redis://127.0.0.1:1' };

describe('the site', () => {
  it('4.8: is told to everybody, and nothing where nothing is configured', async () => {
    const plain = await stack.startGateway();
    expect((await ask(`${plain.url}/api/site`)).body).toEqual(emptySite);
    const site: Site = {
      ...emptySite,
      personalPage: { name: 'Ada Lovelace', url: 'https://ada.example.org' },
      tensorboard: 'https://tb.example.org',
    };
    const locked = await stack.startGateway({ site, access: { mode: 'keys' } });
    expect((await ask(`${locked.url}/api/site`)).body).toEqual(site);
  });

  it('4.8: is what the settings say', () => {
    expect(siteOf(gatewayConfig(environment))).toEqual(emptySite);
    const config = gatewayConfig({
      ...environment,
      PERSONAL_PAGE: 'Ada Lovelace https://ada.example.org',
      COMPANY_PAGE: 'https://company.example.org',
      LICENCE_PAGE: 'https://example.org/mit',
      REPOSITORY: 'https://code.example.org/onegin',
      TENSORBOARD: 'https://tb.example.org',
    });
    expect(siteOf(config)).toEqual({
      personalPage: { name: 'Ada Lovelace', url: 'https://ada.example.org' },
      companyPage: { name: null, url: 'https://company.example.org' },
      licence: { name: null, url: 'https://example.org/mit' },
      repository: { name: null, url: 'https://code.example.org/onegin' },
      tensorboard: 'https://tb.example.org',
    });
  });

  it.each(['PERSONAL_PAGE', 'COMPANY_PAGE', 'LICENCE_PAGE', 'REPOSITORY', 'TENSORBOARD'])(
    '4.8: refuses a %s that is no address of the web',
    (name) => {
      expect(() => gatewayConfig({ ...environment, [name]: 'javascript:alert(1)' })).toThrow(name);
    },
  );
});

describe('event files', () => {
  it('3.5: are handed out under the name by which TensorBoard knows them', async () => {
    const { url } = await stack.startGateway();
    const { jobId } = (await post(`${url}/api/optimize`, { dataset: 'digits' })).body;
    const name = 'events.out.tfevents.1700000000.onegin';
    const events = await stack.artifacts.put(
      `optimization_results/run/trials/trial_0/attempt_1/tensorboard/${name}`,
      Buffer.from('scalars'),
      { kind: 'tensorboard', contentType: 'application/octet-stream' },
    );
    await append(stack.log, jobId, [
      { type: 'JobStarted' },
      ...trialEvents(jobId, 0, { artifacts: [events] }),
      ...trialEvents(jobId, 1),
    ]);
    const file = await fetch(`${url}/api/jobs/${jobId}/trials/0/tensorboard`);
    expect(file.headers.get('content-disposition')).toContain(name);
    expect(await file.text()).toBe('scalars');
    const none = await ask(`${url}/api/jobs/${jobId}/trials/1/tensorboard`);
    expect([none.status, none.body.code]).toEqual([404, 'artifact-missing']);
  });
});
