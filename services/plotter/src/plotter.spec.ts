import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { studyCharts, trialCharts } from '@onegin/charts';
import type { ArtifactRef, StudyEvent } from '@onegin/contracts';
import { sendControl } from '@onegin/service-kit';
import { gone, isThere, PlotterBench } from './testing/plotter-bench.ts';

// Several processes start in each test; on a busy machine each takes its time.
jest.setTimeout(240_000);

let bench: PlotterBench;
beforeAll(async () => {
  bench = await PlotterBench.open();
});
afterEach(() => bench.killPlotters());
afterAll(() => bench.close());

const trialKinds = trialCharts.map(({ kind }) => kind);
const studyKinds = studyCharts.map(({ kind }) => kind);
const typesOf = (events: readonly StudyEvent[]) => events.map(({ type }) => type);
const progressOf = (events: readonly StudyEvent[]) =>
  events.flatMap((event) =>
    event.type === 'PlotsProgressed' ? [[event.chart, event.done, event.total]] : [],
  );
const artifactsOf = (events: readonly StudyEvent[]): ArtifactRef[] =>
  events.flatMap((event) => (event.type === 'PlotsReady' ? event.artifacts : []));
/** Width and height of a PNG, from its header. */
const pngSize = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe('a plotter', () => {
  it('renders every chart of a trial to SVG and PNG, reports each, and asks for an advance', async () => {
    const jobId = await bench.study();
    await bench.plotter();
    await bench.ask(jobId, 3, await bench.metrics(jobId, 3));
    const events = await bench.until(jobId, 'PlotsReady');
    expect(progressOf(events)).toEqual(trialKinds.map((kind, i) => [kind, i + 1, trialKinds.length]));
    const artifacts = artifactsOf(events);
    expect(artifacts.map(({ kind }) => kind)).toEqual(
      trialKinds.flatMap((kind) => [`plot:${kind}.svg`, `plot:${kind}.png`]),
    );
    expect(artifacts[0]!.key).toBe(`optimization_results/${jobId}/plots/trial_3/run_1/training-history.svg`);
    for (const [i, chart] of trialCharts.entries()) {
      const [svg, png] = [
        await bench.store.get(artifacts[2 * i]!),
        await bench.store.get(artifacts[2 * i + 1]!),
      ];
      expect(svg.toString()).toContain(`>${chart.title}</text>`);
      const [, width, height] = /^<svg width="(\d+)" height="(\d+)"/.exec(svg.toString())!;
      expect(Number(width)).toBe(chart.size.width);
      expect(pngSize(png)).toEqual([2 * Number(width), 2 * Number(height)]);
    }
    expect((await bench.log.load(jobId))!.plots['3']).toMatchObject({ status: 'ready', done: 8, total: 8 });
    await bench.idle();
    expect((await bench.studies.depth()).waiting).toBeGreaterThan(0);
  });

  it('renders every chart of the study from its log, in the colors that were asked for', async () => {
    const jobId = await bench.study({ trials: 30, running: 2 });
    await bench.plotter({ PLOTTER_THEME: 'dark' });
    await bench.ask(jobId, 'study');
    const artifacts = artifactsOf(await bench.until(jobId, 'PlotsReady'));
    expect(artifacts.map(({ kind }) => kind)).toEqual(
      studyKinds.flatMap((kind) => [`plot:${kind}.svg`, `plot:${kind}.png`]),
    );
    const history = (await bench.store.get(artifacts[0]!)).toString();
    const state = (await bench.log.load(jobId))!;
    expect(history).toContain(`by trial ${state.best}`);
    expect(history).toContain('fill="#121519"');
  });

  it('says which metrics are missing, damaged or not those of a trial', async () => {
    const jobId = await bench.study();
    await bench.plotter({ PLOTTER_STORE_ATTEMPTS: '1' });
    const ref = await bench.metrics(jobId, 0);
    const failureOf = async (target: number, metrics?: ArtifactRef) => {
      await bench.ask(jobId, target, metrics);
      await bench.idle();
      return (await bench.log.load(jobId))!.plots[target]!.failure;
    };
    const gone = { ...ref, key: ref.key.replace('metrics', 'gone') };
    expect(await failureOf(0, gone)).toEqual({
      code: 'artifact-missing',
      message: expect.stringContaining(gone.key),
    });
    expect(await failureOf(1)).toEqual({
      code: 'artifact-missing',
      message: 'trial 1 stored no metrics to draw charts from',
    });
    expect(await failureOf(2, { ...ref, sha256: '0'.repeat(64) })).toMatchObject({
      code: 'artifact-corrupt',
    });
    const other = await bench.metrics(jobId, 4, Buffer.from('{"epochs": 3}'));
    expect(await failureOf(4, other)).toEqual({
      code: 'plots-failed',
      message: expect.stringMatching(/epochs: .*array.*found 3/),
    });
    expect(await failureOf(5, await bench.metrics(jobId, 5, Buffer.from('{')))).toEqual({
      code: 'plots-failed',
      message: expect.stringContaining('are no JSON'),
    });
  });

  it('hands its task back on SIGTERM; the next plotter draws only what is not there', async () => {
    const jobId = await bench.study({ trials: 400, epochs: 3 });
    const first = await bench.plotter();
    await bench.ask(jobId, 'study');
    await bench.until(jobId, 'PlotsProgressed');
    const drawing = first.drawingPid();
    expect(isThere(drawing)).toBe(true);
    const ended = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await bench.depth()).toMatchObject({ waiting: 1, active: 0 });
    await gone(drawing);
    const stored = new Map<string, number>();
    for await (const { key } of bench.store.list(`optimization_results/${jobId}/plots/`)) stored.set(key, 1);
    expect(stored.size).toBeGreaterThan(0);
    expect(stored.size).toBeLessThan(2 * studyKinds.length);
    // What is there is taken as it is: other bytes in its place stay and are referred to.
    const [key] = [...stored.keys()].filter((name) => name.endsWith('optimization-history.svg'));
    const mark = Buffer.from('<svg>drawn before</svg>');
    await bench.store.put(key!, mark, {
      kind: 'plot:optimization-history.svg',
      contentType: 'image/svg+xml',
    });

    await bench.plotter();
    const events = await bench.until(jobId, 'PlotsReady');
    expect(progressOf(events)).toEqual(studyKinds.map((kind, i) => [kind, i + 1, studyKinds.length]));
    const artifacts = artifactsOf(events);
    expect(artifacts).toHaveLength(2 * studyKinds.length);
    expect((await bench.store.get(artifacts[0]!)).toString()).toBe(mark.toString());
  });

  it('goes on after a SIGKILL: every chart is reported once', async () => {
    const jobId = await bench.study({ trials: 400, epochs: 3 });
    const first = await bench.plotter();
    await bench.ask(jobId, 'study');
    await bench.until(jobId, 'PlotsProgressed');
    const drawing = first.drawingPid();
    first.child.kill('SIGKILL');
    // Nobody ends the drawing process then; it ends by itself.
    await gone(drawing);
    expect(typesOf(await bench.until(jobId, 'PlotsProgressed'))).not.toContain('PlotsReady');
    await bench.plotter();
    const events = await bench.until(jobId, 'PlotsReady');
    expect(progressOf(events)).toEqual(studyKinds.map((kind, i) => [kind, i + 1, studyKinds.length]));
  });

  it('ends quietly when the job is cancelled, and is free for the next', async () => {
    const jobId = await bench.study({ trials: 400, epochs: 3 });
    await bench.plotter();
    await bench.ask(jobId, 'study');
    await bench.until(jobId, 'PlotsProgressed');
    await bench.append(jobId, { type: 'CancelRequested' });
    await bench.append(jobId, { type: 'JobCancelled' });
    await bench.idle();
    expect(typesOf(await bench.until(jobId, 'JobCancelled')).at(-1)).toBe('JobCancelled');
    const next = await bench.study();
    await bench.ask(next, 0, await bench.metrics(next, 0));
    await bench.until(next, 'PlotsReady');
  });

  it('does not wait for a chart that hangs when its job is cancelled', async () => {
    const jobId = await bench.study({ trials: 400, epochs: 3 });
    const plotter = await bench.plotter({ PLOTTER_CHART_TIMEOUT: '1h' });
    await bench.ask(jobId, 'study');
    await bench.until(jobId, 'PlotsProgressed');
    const drawing = plotter.drawingPid();
    process.kill(drawing, 'SIGSTOP');
    await bench.append(jobId, { type: 'CancelRequested' });
    await bench.append(jobId, { type: 'JobCancelled' });
    await sendControl(bench.redis.failFast, { jobId, target: 'plots', action: 'cancel' });
    await bench.idle();
    // Had it ended its chart just before, it was not killed.
    if (isThere(drawing)) process.kill(drawing, 'SIGCONT');
    const next = await bench.study();
    await bench.ask(next, 0, await bench.metrics(next, 0));
    await bench.until(next, 'PlotsReady');
  });

  it('leaves a task alone whose charts are made, or whose job is unknown', async () => {
    const jobId = await bench.study();
    await bench.plotter();
    await bench.ask(jobId, 0, await bench.metrics(jobId, 0));
    const before = await bench.until(jobId, 'PlotsReady');
    await bench.idle();
    await bench.enqueue(jobId, 0, await bench.metrics(jobId, 0));
    await bench.enqueue('job-nobody-knows', 'study');
    await bench.idle();
    expect(await bench.until(jobId, 'PlotsReady')).toEqual(before);
    expect(await bench.log.lastSeq('job-nobody-knows')).toBe(0);
  });

  it('keeps its task while a drawing process dies, and tells which chart it cost', async () => {
    const jobId = await bench.study({ trials: 400, epochs: 3 });
    const plotter = await bench.plotter();
    await bench.ask(jobId, 'study');
    await bench.until(jobId, 'PlotsProgressed');
    process.kill(plotter.drawingPid(), 'SIGKILL');
    const events = await bench.until(jobId, 'PlotsReady');
    const warnings = events.filter((event) => event.type === 'Warning');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the chart [a-z-]+ of the study could not be drawn: the drawing process was ended by SIGKILL/,
      ),
    ]);
    expect(artifactsOf(events)).toHaveLength(2 * (studyKinds.length - 1));
    expect(progressOf(events)).toHaveLength(studyKinds.length);
  });
});
