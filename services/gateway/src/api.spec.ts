import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  architectureExamples,
  archiveIndexKey,
  eventOfLine,
  problemSchema,
  samplerNameSchema,
  prunerNames,
  WIRE_VERSION,
  type Architecture,
  type NewStudyEvent,
} from '@onegin/contracts';
import { redisKeys } from '@onegin/service-kit';
import {
  append,
  archiveEnded,
  finalEvents,
  storeFinalModel,
  storeTrial,
  trialEvents,
} from './testing/play-study.ts';
import {
  ask,
  post,
  startTestStack,
  withTestStack,
  type Json,
  type TestGateway,
  type TestStack,
} from './testing/test-gateway.ts';

let stack: TestStack;
let gateway: TestGateway;
let api: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  api = `${gateway.url}/api`;
});

afterAll(() => stack.remove());

const REQUEST = { dataset: 'digits', trials: 3, epochs: 2, seed: 1 };

async function submit(request: object = REQUEST): Promise<{ jobId: string; runName: string }> {
  const { status, body } = await post(`${api}/optimize`, request);
  expect(status).toBe(202);
  return body;
}

const write = (jobId: string, events: readonly NewStudyEvent[]) => append(stack.log, jobId, events);

describe('starting a job', () => {
  it('answers 202 with its id and writes the first event', async () => {
    const answer = await post(`${api}/optimize`, REQUEST);
    expect(answer.status).toBe(202);
    const { jobId, runName } = answer.body;
    expect(Object.keys(answer.body)).toEqual(['jobId', 'runName']);
    expect(answer.headers.get('location')).toBe(`/api/jobs/${jobId}`);
    const events = await stack.log.read(jobId, 0);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'JobRequested', config: { jobId, runName, modelKind: 'cnn' } });
  });

  it('asks the orchestrator to look at it', async () => {
    const { jobId } = await submit();
    const entries = await stack.redis.blocking.lrange('{onegin}:studies:wait', 0, -1);
    const waiting = await Promise.all(
      entries.map((id) => stack.redis.blocking.hget(`{onegin}:studies:${id}`, 'data')),
    );
    expect(waiting.map((data) => JSON.parse(data!))).toContainEqual({ jobId, version: WIRE_VERSION });
  });

  it('answers the same request with the same key with the same job, also when sent at once', async () => {
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(`${api}/optimize`, { trials: 4, dataset: 'digits' }, headers)),
    );
    const again = await post(`${api}/optimize`, { dataset: 'digits', trials: 4 }, headers);
    const ids = new Set([...answers, again].map(({ body }) => body.jobId));
    expect(ids.size).toBe(1);
    expect(await stack.log.read([...ids][0], 0)).toHaveLength(1);
    const other = await post(`${api}/optimize`, { dataset: 'digits', trials: 5 }, headers);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency-conflict']);
    const { body } = await post(
      `${api}/optimize`,
      { dataset: 'digits', trials: 4 },
      { 'idempotency-key': 'twice' },
    );
    expect(ids.has(body.jobId)).toBe(false);
  });

  it('names every wrong field, what was expected and what was found', async () => {
    const { status, headers, body } = await post(`${api}/optimize`, {
      dataset: 'digits',
      mode: 'fast',
      trials: 0,
      colour: 'red',
      searchSpace: { learningRate: { type: 'float', low: 1, high: 0.1 } },
    });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problemSchema.parse(body).code).toBe('request-invalid');
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { field: 'mode', expected: 'expected one of "simple", "health", "pareto"', found: '"fast"' },
        expect.objectContaining({ field: 'trials', found: '0' }),
        expect.objectContaining({ field: 'colour', found: '"red"' }),
        expect.objectContaining({ field: 'searchSpace.learningRate.high', found: '0.1' }),
      ]),
    );
  });

  it('names the datasets there are', async () => {
    const { status, body } = await post(`${api}/optimize`, { dataset: 'mnsit' });
    expect([status, body.code]).toEqual([400, 'dataset-unknown']);
    expect(body.errors).toEqual([
      { field: 'dataset', expected: 'expected one of digits, mails', found: 'mnsit' },
    ]);
  });

  it.each([
    ['malformed JSON', '{"dataset": ', 'application/json', 400, 'request-invalid'],
    ['another type', 'dataset=digits', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['no type', '{}', '', 415, 'unsupported-media-type'],
    ['an unknown charset', '{}', 'application/json; charset=nonsense', 415, 'unsupported-media-type'],
    ['too much', `"${'x'.repeat(1_100_000)}"`, 'application/json', 413, 'payload-too-large'],
    ['no body', '', 'application/json', 400, 'request-invalid'],
  ])('refuses %s', async (_what, text, type, status, code) => {
    const answer = await ask(`${api}/optimize`, {
      method: 'POST',
      body: Buffer.from(text),
      headers: type === '' ? {} : { 'content-type': type },
    });
    expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([status, code]);
  });

  it('refuses pages of other sites', async () => {
    const answer = await post(`${api}/optimize`, REQUEST, { origin: 'https://evil.example' });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await post(`${api}/optimize`, REQUEST, { origin: gateway.url })).status).toBe(202);
  });
});

describe('a job', () => {
  it('shows its request, space, progress, best trial, final model and links as it goes on', async () => {
    const { jobId, runName } = await submit({ ...REQUEST, name: 'mine' });
    const queued = await ask(`${api}/jobs/${jobId}`);
    expect(queued.body).toMatchObject({ jobId, runName, name: 'mine', status: 'queued', bestTrial: null });
    await write(jobId, [
      { type: 'JobStarted' },
      ...trialEvents(jobId, 0),
      ...trialEvents(jobId, 1, { accuracy: 0.95 }),
    ]);
    await write(jobId, trialEvents(jobId, 2).slice(0, 3));
    const running = (await ask(`${api}/jobs/${jobId}`)).body;
    expect(running).toMatchObject({
      status: 'running',
      bestTrial: { number: 1, accuracy: 0.95 },
      request: REQUEST,
      modelReady: false,
      finalModel: null,
      progress: {
        currentTrial: 3,
        totalTrials: 3,
        completedTrials: 2,
        runningTrials: 1,
        currentEpoch: 1,
        totalEpochs: 2,
        epochProgress: 0.5,
        isGpuMode: false,
      },
    });
    expect(Object.keys(running.searchSpace)).toContain('learningRate');
    const status = (await ask(`${api}/jobs/${jobId}/status`)).body;
    expect(status).toEqual({
      jobId,
      runName,
      status: 'running',
      cancelRequested: false,
      progress: running.progress,
    });
  });

  it('has trials, their epochs, metrics and charts', async () => {
    const { jobId } = await submit();
    const [requested] = await stack.log.read(jobId, 0);
    const { metrics, svg } = await storeTrial(stack.artifacts, (requested as Json)['config'], 0);
    await write(jobId, [
      { type: 'JobStarted' },
      ...trialEvents(jobId, 0, { artifacts: [metrics] }),
      { type: 'PlotsQueued', target: 0, run: 1 },
      { type: 'PlotsReady', target: 0, run: 1, artifacts: [svg] },
      ...trialEvents(jobId, 1).slice(0, 2),
    ]);
    const list = (await ask(`${api}/jobs/${jobId}/trials`)).body;
    expect(list.total).toBe(2);
    expect(list.trials.map((t: Json) => t.status)).toEqual(['completed', 'running']);
    const filtered = (await ask(`${api}/jobs/${jobId}/trials?status=running&from=1&limit=5`)).body;
    expect(filtered.trials.map((t: Json) => t.number)).toEqual([1]);
    const trial = (await ask(`${api}/jobs/${jobId}/trials/0`)).body;
    expect(trial.epochs).toHaveLength(2);
    expect(trial.links.plots).toEqual([
      { kind: 'training-history', svg: `/api/jobs/${jobId}/trials/0/plots/training-history.svg`, png: null },
    ]);
    expect((await ask(gateway.url + trial.links.metrics)).body).toMatchObject({ parameterCount: 421_642 });
    const chart = await ask(gateway.url + trial.links.plots[0].svg);
    expect(chart.headers.get('content-type')).toBe('image/svg+xml');
    expect(chart.body).toContain('<svg');
    const etag = chart.headers.get('etag')!;
    const cached = await ask(gateway.url + trial.links.plots[0].svg, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    expect(cached.status).toBe(304);
    const noPng = await ask(`${api}/jobs/${jobId}/trials/0/plots/training-history.png`);
    expect([noPng.status, noPng.body.code]).toEqual([404, 'artifact-missing']);
    expect(noPng.body.detail).toContain('training-history');
    const noMetrics = await ask(`${api}/jobs/${jobId}/trials/1/metrics`);
    expect([noMetrics.status, noMetrics.body.code]).toEqual([404, 'artifact-missing']);
  });

  it('has the network of every trial, planned while it trains and as stored afterwards', async () => {
    const { jobId } = await submit();
    const [requested] = await stack.log.read(jobId, 0);
    const { artifacts } = await storeFinalModel(stack.artifacts, (requested as Json).config, 100);
    await write(jobId, [
      { type: 'JobStarted' },
      ...trialEvents(jobId, 0, { artifacts }),
      ...trialEvents(jobId, 1).slice(0, 2),
      ...trialEvents(jobId, 2),
    ]);
    const network = async (trial: number) =>
      (await ask(`${api}/jobs/${jobId}/trials/${trial}/architecture`)).body as Architecture;
    expect(await network(0)).toEqual(architectureExamples[0]);
    const running = await network(1);
    expect(running.performance).toBeNull();
    expect(running.layers.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['input', 'conv_1', 'activation_1', 'output', 'softmax']),
    );
    expect(running.cytoscape.edges).toHaveLength(running.layers.length - 1);
    // Completed, but nothing of it was stored.
    expect(await network(2)).toMatchObject({ layers: running.layers, performance: { accuracy: 0.9 } });

    await stack.artifacts.removePrefix(`optimization_results/${(requested as Json).config.runName}`);
    expect(await network(0)).toMatchObject({ layers: running.layers, performance: { accuracy: 0.9 } });
    const unknown = await ask(`${api}/jobs/${jobId}/trials/7/architecture`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'trial-unknown']);
  });

  it('gives its log line by line', async () => {
    const { jobId } = await submit();
    await write(jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0)]);
    const text: string = (await ask(`${api}/jobs/${jobId}/log`)).body;
    const events = text.trim().split('\n').map(eventOfLine);
    expect(events).toEqual(await stack.log.read(jobId, 0));
    const tail: string = (await ask(`${api}/jobs/${jobId}/log?after=4`)).body;
    expect(tail.trim().split('\n')).toHaveLength(events.length - 4);
  });

  it('is cancelled once, however often that is asked', async () => {
    const { jobId } = await submit();
    for (let i = 0; i < 3; i++) {
      const { status, body } = await post(`${api}/jobs/${jobId}/cancel`);
      expect([status, body.cancelRequested]).toEqual([202, true]);
    }
    await write(jobId, [{ type: 'JobCancelled' }]);
    const after = await post(`${api}/jobs/${jobId}/cancel`);
    expect([after.status, after.body.status]).toEqual([202, 'cancelled']);
    const types = (await stack.log.read(jobId, 0)).map(({ type }) => type);
    expect(types.filter((type) => type === 'CancelRequested')).toHaveLength(1);
  });

  it('cannot be cancelled once it is completed', async () => {
    const { jobId } = await submit();
    await write(jobId, [
      { type: 'JobStarted' },
      { type: 'SearchEnded', reason: 'enough' },
      { type: 'JobCompleted' },
    ]);
    const { status, body } = await post(`${api}/jobs/${jobId}/cancel`);
    expect([status, body.code]).toEqual([409, 'job-ended']);
    expect(body.detail).toContain(jobId);
  });
});

describe('importance and findings', () => {
  it('says which parameter mattered, and before there are enough trials why not', async () => {
    const { jobId } = await submit({ ...REQUEST, trials: 40 });
    await write(jobId, [{ type: 'JobStarted' }]);
    const early = await ask(`${api}/jobs/${jobId}/importance`);
    expect([early.status, early.body.available, typeof early.body.reason]).toEqual([200, false, 'string']);
    expect((await ask(`${api}/jobs/${jobId}/findings`)).body).toMatchObject({ jobId, available: false });
    const [requested] = await stack.log.read(jobId, 0);
    for (let n = 0; n < 40; n++) {
      const learningRate = 10 ** (-4 + n / 20);
      const [queued, ...rest] = trialEvents(jobId, n, { accuracy: 0.5 + n / 100 });
      const defaults = middleOf((requested as Json).config.space);
      await write(jobId, [{ ...queued, params: { ...defaults, learningRate } } as NewStudyEvent, ...rest]);
    }
    for (const [method, scale] of [
      ['ped-anova', ''],
      ['fanova', ''],
      ['fanova', '&scale=searched'],
    ]) {
      const { body } = await ask(`${api}/jobs/${jobId}/importance?method=${method}${scale}`);
      expect([body.available, body.method, body.trials]).toEqual([true, method, 40]);
      expect(Object.keys(body.shares)[0]).toBe('learningRate');
      const shares: number[] = Object.values(body.shares);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    const { body } = await ask(`${api}/jobs/${jobId}/findings`);
    expect([body.available, body.trials, body.findings[0].param]).toEqual([true, 40, 'learningRate']);
    const { good, bad, clear } = body.findings[0];
    expect([good.range.low > bad.range.high, clear]).toEqual([true, true]);
    const wrong = await ask(`${api}/jobs/${jobId}/importance?method=fanova&objective=2`);
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([400, 'objective']);
    const none = await ask(`${api}/jobs/${jobId}/importance?method=fanova&scale=other`);
    expect([none.status, none.body.errors[0].field]).toEqual([400, 'scale']);
  });

  /** One value for every parameter that has no condition, so that only what the test varies can matter. */
  const middleOf = (space: Json): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries<Json>(space)
        .filter(([, { when }]) => !when || when.param === 'denseLayers')
        .map(([name, { type, choices, low }]) => [
          name,
          type === 'categorical'
            ? choices.includes('rmsprop')
              ? 'rmsprop'
              : choices[0]
            : name === 'denseLayers'
              ? 1
              : low,
        ]),
    );
});

describe('the best model', () => {
  it('is told, drawn and downloaded once it is there, and not before', async () => {
    const { jobId, runName } = await submit();
    const early = await ask(`${api}/jobs/${jobId}/best-model`);
    expect([early.status, early.body.code]).toEqual([409, 'model-not-ready']);
    await write(jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0)]);
    const open = await ask(`${api}/jobs/${jobId}/best-model`);
    expect([open.status, open.body.modelReady, open.body.links.keras]).toEqual([200, false, null]);
    const notYet = await ask(`${api}/download/${jobId}`);
    expect([notYet.status, notYet.body.code]).toEqual([409, 'model-not-ready']);
    expect(notYet.headers.get('content-disposition')).toBeNull();

    const [requested] = await stack.log.read(jobId, 0);
    const { file, artifacts } = await storeFinalModel(stack.artifacts, (requested as Json).config, 6_000_000);
    await write(jobId, finalEvents(artifacts));
    const best = (await ask(`${api}/jobs/${jobId}/best-model`)).body;
    expect(best).toMatchObject({ trial: 0, modelReady: true, finalModel: { status: 'completed' } });
    expect(best.architecture.layers).toHaveLength(2);
    const json = await ask(`${api}/jobs/${jobId}/best-model/download`);
    expect(json.headers.get('content-disposition')).toBe(`attachment; filename=${runName}-best-model.json`);
    expect(json.body).toEqual(best);

    const response = await fetch(gateway.url + best.links.keras);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${runName}.keras`);
    expect(response.headers.get('content-length')).toBe(String(file.length));
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
    const head = await fetch(gateway.url + best.links.keras, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(file.length)]);
  });

  it('that is missing from the store is a clear problem', async () => {
    const { jobId } = await submit();
    const [requested] = await stack.log.read(jobId, 0);
    const { config } = requested as Json;
    const { artifacts } = await storeFinalModel(stack.artifacts, config, 100);
    await write(jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0), ...finalEvents(artifacts)]);
    await stack.artifacts.removePrefix(`optimization_results/${config.runName}/optimized_model`);
    const { status, body } = await ask(`${api}/download/${jobId}`);
    expect([status, body.code]).toEqual([404, 'artifact-missing']);
    expect((await ask(`${api}/jobs/${jobId}/best-model`)).body.architecture).toBeNull();
  });
});

describe('what is not there', () => {
  it.each([
    ['/api/jobs/nosuchjob', 404, 'job-unknown', 'nosuchjob'],
    ['/api/jobs/NOT%20AN%20ID', 404, 'job-unknown', 'NOT AN ID'],
    ['/api/jobs/nosuchjob/trials', 404, 'job-unknown', 'nosuchjob'],
    ['/api/jobs/nosuchjob/log', 404, 'job-unknown', 'nosuchjob'],
    ['/api/download/nosuchjob', 404, 'job-unknown', 'nosuchjob'],
    ['/api/nowhere', 404, 'not-found', '/api/nowhere'],
    ['/nowhere.js', 404, 'not-found', '/nowhere.js'],
    ['/api/jobs?limit=0', 400, 'request-invalid', 'limit'],
    ['/api/jobs?limit=ten', 400, 'request-invalid', 'limit'],
    ['/api/jobs?colour=red', 400, 'request-invalid', 'colour'],
    ['/api/jobs?after=yesterday', 400, 'request-invalid', 'after'],
    ['/api/search-space', 400, 'request-invalid', 'dataset'],
    ['/api/search-space?dataset=mnsit', 400, 'dataset-unknown', 'digits'],
    ['/api/jobs/%E0%A4%A', 400, 'request-invalid', ''],
    ['/api/errors/nope', 404, 'not-found', 'nope'],
  ])('%s → %i %s', async (path, status, code, named) => {
    const answer = await ask(gateway.url + path);
    expect([answer.status, problemSchema.parse(answer.body).code]).toEqual([status, code]);
    expect(answer.body.detail).toContain(named);
    expect(JSON.stringify(answer.body)).not.toMatch(/\.ts:|at Object|node_modules/);
  });

  it('names trials that there are', async () => {
    const { jobId } = await submit();
    await write(jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0), ...trialEvents(jobId, 1)]);
    const { status, body } = await ask(`${api}/jobs/${jobId}/trials/7`);
    expect([status, body.code]).toEqual([404, 'trial-unknown']);
    expect(body.detail).toBe(`job ${jobId} has no trial 7; it has 0 to 1`);
    expect((await ask(`${api}/jobs/${jobId}/trials/x`)).body.errors[0].field).toBe('number');
  });

  it('says which methods an address takes', async () => {
    const { status, headers, body } = await ask(`${api}/optimize`);
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method-not-allowed', 'POST']);
    const deleted = await ask(`${api}/jobs`, { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the list of jobs', () => {
  it('is paged, newest first, with archived jobs among the others', () =>
    withTestStack(async (own) => {
      const { url } = await own.startGateway();
      const ids: string[] = [];
      for (let i = 0; i < 7; i++) ids.unshift((await post(`${url}/api/optimize`, REQUEST)).body.jobId);
      // The third newest has ended and is in the archive only.
      const archived = ids[2]!;
      await append(own.log, archived, [
        { type: 'JobStarted' },
        ...trialEvents(archived, 0),
        { type: 'SearchEnded', reason: 'enough' },
        { type: 'JobCompleted' },
      ]);
      const lines = await archiveEnded(own, archived);
      await own.artifacts.put(archiveIndexKey('damaged'), Buffer.from('{'), {
        kind: 'archive',
        contentType: 'application/json',
      });

      const fresh = await own.startGateway();
      const seen: string[] = [];
      let after: string | null = '';
      while (after !== null) {
        const query: string = after === '' ? 'limit=3' : `limit=3&after=${after}`;
        const { body } = await ask(`${fresh.url}/api/jobs?${query}`);
        seen.push(...body.jobs.map((job: Json) => job.jobId));
        expect(body.jobs.length).toBeLessThanOrEqual(3);
        after = body.next;
      }
      expect(seen).toEqual(ids);

      const job = (await ask(`${fresh.url}/api/jobs/${archived}`)).body;
      expect(job).toMatchObject({ status: 'completed', bestTrial: { number: 0 } });
      const tail: string = (await ask(`${fresh.url}/api/jobs/${archived}/log?after=3`)).body;
      expect(tail).toBe(lines.split('\n').slice(3).join('\n'));
      expect((await post(`${fresh.url}/api/jobs/${archived}/cancel`)).body.code).toBe('job-ended');
      expect((await ask(`${fresh.url}/api/jobs/damaged`)).body.code).toBe('artifact-corrupt');
    }));

  it('is in order where jobs came in the same millisecond', () =>
    withTestStack(async (own) => {
      const { url } = await own.startGateway();
      const ids = await Promise.all(
        Array.from(
          { length: 9 },
          async () => (await post(`${url}/api/optimize`, REQUEST)).body.jobId as string,
        ),
      );
      await own.redis.blocking.zadd(redisKeys.jobs, ...ids.flatMap((id) => [1_700_000_000_000, id]));
      const seen: string[] = [];
      for (let after = ''; ;) {
        const { body } = await ask(`${url}/api/jobs?limit=2${after && `&after=${after}`}`);
        seen.push(...body.jobs.map((job: Json) => job.jobId));
        if (body.next === null) break;
        after = body.next;
      }
      expect(seen).toEqual([...ids].sort().reverse());
    }));
});

describe('the catalogue', () => {
  it('lists datasets, spaces, modes, samplers, pruners, trainers', async () => {
    const read = async (path: string) => (await ask(`${api}/${path}`)).body;
    expect((await read('datasets')).datasets.map((d: Json) => d.name)).toEqual(['digits', 'mails']);
    const space = await read('search-space?dataset=mails');
    expect([space.modelKind, typeof space.space.lstmUnits.explanation]).toEqual(['lstm', 'string']);
    const objective = await read('objective');
    const weights: number[] = Object.values(objective.weights.metrics);
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
    expect(objective.metrics).toHaveLength(6);
    expect((await read('samplers')).samplers.map((s: Json) => s.name)).toEqual(samplerNameSchema.options);
    expect((await read('pruners')).pruners.map((p: Json) => p.name)).toEqual(
      expect.arrayContaining([...prunerNames]),
    );
    expect(await read('trainers')).toEqual({ trainers: [] });
  });

  it('answers probes and metrics', async () => {
    expect((await ask(`${gateway.url}/health`)).body).toEqual({ status: 'ok', version: '0.0.0-test' });
    expect((await ask(`${gateway.url}/ready`)).body).toEqual({ status: 'ready' });
    const { body } = await ask(`${gateway.url}/metrics`);
    expect(body).toContain('onegin_gateway_request_seconds_bucket');
    expect(body).not.toMatch(/route="[^"]*\d{4}/);
  });
});

describe('the first page', () => {
  it('says that the API runs, with strict headers', async () => {
    const { status, headers, body } = await ask(gateway.url);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('/api/docs');
    expect(headers.get('content-security-policy')).toContain("object-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
