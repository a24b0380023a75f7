/** Rows of FEATURES that are about a job's page, each promise to the letter; what happens is written by the test. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { lightTheme, parallelCoordinatesData, parallelCoordinatesOption, studyCharts } from '@onegin/charts';
import { sampleStudy } from '@onegin/charts/testing';
import type { NewStudyEvent } from '@onegin/contracts';
import { createLogger, JobLines } from '@onegin/service-kit';
import type { Page } from 'playwright-core';
import {
  append,
  finalEvents,
  storeFinalModel,
  storeTrial,
  trialEvents,
} from '../../services/gateway/src/testing/play-study.ts';
import { until } from '../../services/gateway/src/testing/test-gateway.ts';
import { seriousFindings, SIZES, visit } from '../support/browser.ts';
import { configuredSite, isOnScreen, isOpaque, PlayedOnegin } from '../support/played-onegin.ts';

jest.setTimeout(200_000);

describe("a job's page", () => {
  let onegin: PlayedOnegin;
  beforeAll(async () => {
    onegin = await PlayedOnegin.start({ site: configuredSite });
  });
  afterAll(() => onegin?.stop());

  const write = (jobId: string, ...events: NewStudyEvent[]) => append(onegin.stack.log, jobId, events);

  /** A study whose first trial is complete with its files, and whose second one trains. */
  async function begun(jobId: string): Promise<void> {
    await onegin.play(jobId, { trials: 3, mode: 'health' }, 'TrainingQueued', `Study ${jobId}`);
    const [requested] = await onegin.stack.log.read(jobId, 0);
    if (requested?.type !== 'JobRequested') throw new Error('expected a request');
    const { metrics, svg } = await storeTrial(onegin.stack.artifacts, requested.config, 0);
    const { artifacts } = await storeFinalModel(onegin.stack.artifacts, requested.config, 1000);
    const network = artifacts.filter(({ kind }) => kind === 'architecture');
    await write(jobId, ...trialEvents(jobId, 0, { artifacts: [metrics, ...network] }));
    await write(
      jobId,
      { type: 'PlotsQueued', target: 0, run: 1 },
      { type: 'PlotsReady', target: 0, run: 1, artifacts: [svg] },
      ...trialEvents(jobId, 1).slice(0, 3),
    );
  }

  /** From the second trial's end to the stored model. */
  async function finished(jobId: string): Promise<NewStudyEvent[]> {
    const [requested] = await onegin.stack.log.read(jobId, 0);
    if (requested?.type !== 'JobRequested') throw new Error('expected a request');
    const { artifacts } = await storeFinalModel(onegin.stack.artifacts, requested.config, 20_000);
    return [...trialEvents(jobId, 1).slice(3), ...finalEvents(artifacts)];
  }

  /** What lies below the first view comes by itself when the page has stood for a while. */
  const settled = async (page: Page) => {
    await page.clock.runFor('00:30');
    for (const part of [
      'on-trial-tools input',
      'on-trial-tile mat-checkbox',
      'on-best-model dl',
      'on-job-log',
    ])
      await page.locator(part).first().waitFor({ state: 'attached' });
  };
  const modelButton = (page: Page) => page.getByRole('button', { name: 'Model (.keras)' });

  const listed = (page: Page, words: string) =>
    page.locator('on-trial-list [role=status]').filter({ hasText: words });

  it('4.10, 4.2: the model can be downloaded as soon as it exists, and nothing asks on after the end', async () => {
    await begun('job-live');
    const { page, context, said } = await visit(onegin.browser);
    // Time is the test's from here on: minutes can be let pass.
    await page.clock.install();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const sockets = new Set<string>();
    page.on('websocket', (socket) => {
      sockets.add(socket.url());
      socket.on('close', () => sockets.delete(socket.url()));
    });
    await page.goto(onegin.address('/jobs/job-live'));
    await page.getByRole('progressbar', { name: 'Trials done: 1 of 3' }).waitFor();
    await page.getByRole('progressbar', { name: /^Trial 1, epoch/ }).waitFor();
    expect(await modelButton(page).isDisabled()).toBe(true);
    const events = await finished('job-live');
    const ready = events.findIndex((event) => event.type === 'TrainingCompleted' && event.target === 'final');
    await write('job-live', ...events.slice(0, ready));
    await page.getByRole('progressbar', { name: /^Final model, epoch/ }).waitFor();
    expect(await modelButton(page).isDisabled()).toBe(true);
    // The job has not ended yet, but the model is there.
    await write('job-live', ...events.slice(ready, ready + 1));
    await page.locator('button:enabled', { hasText: 'Model (.keras)' }).waitFor();
    expect(sockets.size).toBe(1);
    await write('job-live', ...events.slice(ready + 1));
    await page.locator('on-job-header').getByText('completed', { exact: true }).waitFor();
    await settled(page);
    const before = asked.length;
    await page.clock.runFor('10:00');
    expect(asked.slice(before)).toEqual([]);
    expect([...sockets]).toEqual([]);
    expect(said).toEqual([]);
    await context.close();
  });

  it('2.9, 4.2: a cancelled job is said to be, and nothing goes on', async () => {
    await begun('job-cancel');
    const { page, context, said } = await visit(onegin.browser);
    await page.clock.install();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(onegin.address('/jobs/job-cancel'));
    await page.getByRole('progressbar', { name: /^Trial 1, epoch/ }).waitFor();
    await write('job-cancel', { type: 'CancelRequested' }, { type: 'TrainingCancelled', target: 1 });
    await write('job-cancel', { type: 'JobCancelled' });
    await page.getByText('Job cancelled').first().waitFor();
    expect(await page.getByRole('progressbar', { name: /^Trial 1/ }).count()).toBe(0);
    await settled(page);
    const before = asked.length;
    await page.clock.runFor('10:00');
    expect(asked.slice(before)).toEqual([]);
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.2: the best total score has a tooltip with the weights of the job and links, opaque and on a phone’s screen', async () => {
    await begun('job-tiles');
    const { page, context, said } = await visit(onegin.browser, { size: 'phone' });
    await page.goto(onegin.address('/jobs/job-tiles'));
    await page.getByRole('button', { name: 'About the total score' }).tap();
    const tip = page.locator('[role=note]');
    await tip.locator('a').first().waitFor();
    const { weights } = (await (await fetch(onegin.address('/api/objective'))).json()) as {
      weights: { health: number };
    };
    expect(await tip.textContent()).toContain(`${weights.health} · health`);
    expect(await tip.locator('tr').count()).toBe(6);
    expect([await isOpaque(page, '[role=note]'), await isOnScreen(page, '[role=note]')]).toEqual([
      true,
      true,
    ]);
    expect(said).toEqual([]);
    await context.close();
  });

  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
    '4.3: on a %s the details button stands at the bottom of every tile, and opens when the trial is complete',
    async (size) => {
      const jobId = `job-tiles-${size}`;
      await begun(jobId);
      const { page, context, said } = await visit(onegin.browser, { size });
      await page.goto(onegin.address(`/jobs/${jobId}`));
      const tiles = page.locator('on-trial-tile');
      await tiles.nth(1).waitFor();
      const fromBottom = await tiles.evaluateAll((all) =>
        all.map((tile) => {
          const button = tile.querySelector('button.details');
          const [end, own] = [tile, button].map((one) => one?.getBoundingClientRect().bottom ?? Number.NaN);
          return Math.round((end ?? 0) - (own ?? 0));
        }),
      );
      expect(new Set(fromBottom).size).toBe(1);
      expect(fromBottom[0]).toBeLessThan(20);
      const button = (trial: number) => page.getByRole('button', { name: `View details of trial ${trial}` });
      expect([await button(0).isEnabled(), await button(1).isEnabled()]).toEqual([true, false]);
      await write(jobId, ...trialEvents(jobId, 1).slice(3));
      await page.locator('button:enabled[aria-label="View details of trial 1"]').waitFor();
      expect(said).toEqual([]);
      await context.close();
    },
  );

  it('4.3: only the button opens the dialog; ×, Esc and a click outside close it; it scrolls on its own', async () => {
    await begun('job-dialog');
    const { page, context, said } = await visit(onegin.browser, { size: 'tablet' });
    await page.goto(onegin.address('/jobs/job-dialog'));
    const tile = page.locator('on-trial-tile', { hasText: 'Trial 0' });
    const dialog = page.getByRole('dialog');
    for (const part of ['.score', 'h3', 'dl', 'on-spark-line']) await tile.locator(part).click();
    expect(await dialog.count()).toBe(0);
    const open = async () => {
      await tile.getByRole('button', { name: /View details/ }).click();
      await dialog.waitFor();
    };
    await open();
    const scroller = dialog.locator('mat-dialog-content');
    // On a small screen, where the details do not fit.
    await page.setViewportSize({ width: 820, height: 500 });
    const where = async (): Promise<[number, number]> => [
      await scroller.evaluate((one) => one.scrollTop),
      await page.evaluate<number>('document.documentElement.scrollTop'),
    ];
    const [, behind] = await where();
    await scroller.hover();
    await page.mouse.wheel(0, 300);
    await until(async () => (await where())[0] > 100, 'the dialog has scrolled');
    await page.mouse.wheel(0, 5000);
    expect((await where())[1]).toBe(behind);
    await page.setViewportSize(SIZES.tablet);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await open();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await open();
    await page.mouse.click(3, 400);
    await dialog.waitFor({ state: 'detached' });
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.4, 3.5: a diagnosis is saved where the Save-as dialog says; the trial links to TensorBoard', async () => {
    await begun('job-save');
    const { page, context, said } = await visit(onegin.browser);
    // Stands in for the browser's own dialog, which is outside the page: keeps what is written.
    await page.addInitScript(`
      window.written = [];
      window.showSaveFilePicker = async ({ suggestedName }) => ({
        createWritable: async () => ({
          write: async (blob) => void window.written.push(suggestedName, await blob.text()),
          close: async () => void window.written.push('closed'),
        }),
      });
    `);
    await page.goto(onegin.address('/jobs/job-save/trials/0'));
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save Training history as SVG' }).click();
    await until(async () => (await page.evaluate('window.written.length')) === 3, 'the file is written');
    const [name, content, end] = (await page.evaluate('window.written')) as string[];
    expect(name).toMatch(/training-history\.svg$/);
    expect([content?.startsWith('<svg'), end]).toEqual([true, 'closed']);
    const board = await dialog.getByRole('link', { name: 'TensorBoard' }).getAttribute('href');
    expect(new URL(board ?? '').origin).toBe('https://tensorboard.example.org');
    expect(new URL(board ?? '').searchParams.get('runFilter')).toBe('^run-job-save/trials/trial_0/');
    await page.keyboard.press('Escape');
    await page.locator('on-job-header').getByRole('link', { name: 'TensorBoard' }).waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.5: the trial’s network is drawn, and can be seen in 3D', async () => {
    await begun('job-network');
    const { page, context } = await visit(onegin.browser);
    await page.goto(onegin.address('/jobs/job-network/trials/0?tab=model'));
    const explorer = page.getByRole('dialog').locator('on-trial-architecture');
    await explorer.locator('on-network-diagram canvas').first().waitFor();
    await explorer.getByText('3D', { exact: true }).first().waitFor();
    await context.close();
  });

  it('4.6: every chart of the study is there and live', async () => {
    const rest = await onegin.play('job-charts', { trials: 30, epochs: 3, mode: 'pareto' }, 'TrainingPruned');
    const { page, context, said } = await visit(onegin.browser);
    await page.goto(onegin.address('/jobs/job-charts'));
    await page.locator('on-trial-tile').first().waitFor();
    await onegin.write('job-charts', rest);
    await listed(page, '30 of 30 trials').waitFor();
    for (const { kind, title } of studyCharts) {
      const figure = page.locator(`figure[data-chart="${kind}"]`);
      if ((await figure.count()) === 0) await page.getByRole('tab', { name: title, exact: true }).click();
      await figure.locator('canvas').first().waitFor();
    }
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.6: a brush on an axis filters the trials, also those that come later; one button clears it', async () => {
    const choice = { trials: 40, epochs: 2, mode: 'simple', pruned: 0, failed: 0 } as const;
    await onegin.play('job-brush', choice);
    const { page, context, said } = await visit(onegin.browser);
    await page.goto(onegin.address('/jobs/job-brush'));
    const figure = page.locator('figure[data-chart="parallel-coordinates"]');
    await figure.locator('canvas').first().waitFor();
    await listed(page, '40 of 40 trials').waitFor();
    await figure.scrollIntoViewIfNeeded();
    const place = async () => JSON.stringify(await figure.locator('on-chart').boundingBox());
    // Other charts come into sight with it, and take the room they need.
    await until(async () => {
      const before = await place();
      await page.waitForTimeout(300);
      return before === (await place());
    }, 'the chart stays where it is');
    const box = await figure.locator('on-chart').boundingBox();
    if (!box) throw new Error('expected the chart');
    // Where the first axis stands, by the code that draws it.
    const view = { theme: lightTheme, width: box.width, height: 340, heading: false, motionMs: 0 };
    const option = parallelCoordinatesOption(parallelCoordinatesData(sampleStudy(choice)), view);
    const { left, top, bottom } = option.parallel as { left: number; top: number; bottom: number };
    // All but the ends: which parameter stands first changes when the importance comes, and of most some trials are
    // between their lowest and highest value.
    await page.mouse.move(box.x + left, box.y + top + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + left, box.y + view.height - bottom - 20, { steps: 5 });
    await page.mouse.up();
    // The brush is told while it is drawn, too: at its first touch there is nothing in it.
    const brushed = figure.getByText(/^[1-9]\d* of 40 trials brushed$/);
    await brushed.waitFor();
    const inside = Number.parseInt((await brushed.textContent()) ?? '', 10);
    expect(inside).toBeLessThan(40);
    await listed(page, `${inside} of 40 trials`).waitFor();
    // The brush is still there when the chart is redrawn.
    await write('job-brush', ...trialEvents('job-brush', 40));
    await figure.getByText(/of 41 trials brushed$/).waitFor();
    await figure.getByRole('button', { name: 'Clear' }).click();
    await listed(page, '41 of 41 trials').waitFor();
    expect(await figure.getByText(/brushed$/).count()).toBe(0);
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.2: the log of all services is live, filtered by level and trial, copied and downloaded', async () => {
    await begun('job-log');
    const lines = new JobLines();
    lines.sendTo(onegin.stack.redis.failFast);
    const logger = createLogger(
      { service: 'trainer', level: 'debug', also: (line) => lines.take(line) },
      { write: () => undefined },
    );
    logger.info({ jobId: 'job-log', trial: 0 }, 'the attempt has ended');
    logger.warn({ jobId: 'job-log', trial: 1 }, 'memory is short');
    await lines.flush();
    const { page, context, said } = await visit(onegin.browser);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(onegin.address('/jobs/job-log'));
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByText('What the services wrote').click();
    const log = page.getByRole('log', { name: 'What the services wrote' });
    await log.getByText('memory is short').waitFor();
    logger.error({ jobId: 'job-log', trial: 1 }, 'the batch does not fit');
    await lines.flush();
    await write('job-log', ...trialEvents('job-log', 1).slice(3));
    await log.getByText('the batch does not fit').waitFor();
    await page.getByLabel('Level').selectOption('warn');
    await page.getByText(/^2 of 3 lines$/).waitFor();
    await page.getByLabel('Trial', { exact: true }).fill('1');
    await page.getByLabel('Level').selectOption('error');
    await page.getByText(/^1 of 3 lines$/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('1 line copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^[\d:.]+ trainer +trial 1 error: the batch does not fit\n$/,
    );
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('run-job-log.log');
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.11: an embedded study is live and can only be looked at', async () => {
    await begun('job-embed');
    const { page, context, said } = await visit(onegin.browser);
    await page.goto(onegin.address('/embed/job-embed'));
    await page.getByRole('heading', { name: 'Study job-embed' }).waitFor();
    await page.getByRole('progressbar', { name: 'Trials done: 1 of 3' }).waitFor();
    await write('job-embed', ...trialEvents('job-embed', 1).slice(3));
    await page.getByRole('progressbar', { name: 'Trials done: 2 of 3' }).waitFor();
    const words = await page.getByRole('button').evaluateAll((all) => all.map((one) => one.textContent));
    expect(words.filter((text) => /Cancel|Model|Clone/.test(text ?? ''))).toEqual([]);
    expect(await page.locator('header.bar, on-footer').count()).toBe(0);
    expect(said).toEqual([]);
    await context.close();
  });
});
