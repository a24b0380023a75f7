import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, JobLines } from '@onegin/service-kit';
import { ask, post, startTestStack, type TestGateway, type TestStack } from './testing/test-gateway.ts';

let stack: TestStack;
let gateway: TestGateway;
let jobId: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  ({ jobId } = (await post(`${gateway.url}/api/optimize`, { dataset: 'digits' })).body);
  const lines = new JobLines();
  lines.sendTo(stack.redis.failFast);
  const logger = createLogger(
    { service: 'trainer', level: 'debug', also: (line) => lines.take(line) },
    { write: () => undefined },
  );
  for (let trial = 0; trial < 20; trial++) {
    logger.debug({ jobId, trial }, 'begun');
    logger[trial % 2 ? 'warn' : 'info']({ jobId, trial }, 'ended');
  }
  await lines.flush();
});
afterAll(() => stack.remove());

const logs = (query = '') => ask(`${gateway.url}/api/jobs/${jobId}/logs${query}`);
const messages = (lines: { trial: number; message: string }[]) =>
  lines.map(({ trial, message }) => `${trial} ${message}`);

describe('log lines of a job', () => {
  it('are answered oldest first, and page by page without a gap or a double', async () => {
    const whole = (await logs()).body;
    expect(whole).toMatchObject({ jobId, more: false, ended: false });
    expect(whole.lines).toHaveLength(40);
    const paged: unknown[] = [];
    for (let after = '', more = true; more;) {
      const { body } = await logs(`?limit=7${after && `&after=${after}`}`);
      expect(body.lines.length).toBeLessThanOrEqual(7);
      paged.push(...body.lines);
      ({ next: after, more } = body);
    }
    expect(paged).toEqual(whole.lines);
    expect((await logs(`?after=${whole.next}`)).body).toMatchObject({ lines: [], next: whole.next });
  });

  it('are chosen by trial and by level, also where few of many are wanted', async () => {
    expect(messages((await logs('?trial=3')).body.lines)).toEqual(['3 begun', '3 ended']);
    expect(messages((await logs('?trial=19&limit=1&level=warn')).body.lines)).toEqual(['19 ended']);
    const warnings = (await logs('?level=warn')).body.lines as { level: string }[];
    expect(warnings.map(({ level }) => level)).toEqual(Array(10).fill('warn'));
  });

  it('are refused where the job or the query is wrong', async () => {
    expect((await ask(`${gateway.url}/api/jobs/no-such-job/logs`)).body.code).toBe('job-unknown');
    for (const query of ['?after=1', '?trial=last', '?level=loud', '?limit=0'])
      expect([query, (await logs(query)).status]).toEqual([query, 400]);
  });
});
