/** The rows of the web UI as a person goes through them: real services, a real small study, a real browser. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { Browser, Download, Page } from 'playwright-core';
import { launchBrowser, overflow, seriousFindings, SHOTS, SIZES, visit } from '../support/browser.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

jest.setTimeout(400_000);

const STUDY_MS = 300_000;

describe('the web UI', () => {
  let onegin: Onegin;
  let browser: Browser;
  let jobId: string;
  beforeAll(async () => {
    onegin = await Onegin.start({ trainers: 1 });
    browser = await launchBrowser();
    jobId = await onegin.optimize({
      dataset: 'mnist-10k',
      mode: 'health',
      trials: 4,
      epochs: 2,
      seed: 1,
      searchSpace: smallCnn,
      name: '<b>Small</b> digits',
    });
  });
  afterAll(async () => {
    await browser?.close();
    await onegin?.stop();
  });

  const address = (path: string) => `${onegin.stack.address}${path}`;
  const shot = (page: Page, name: string) =>
    page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });

  /** Runs a click that saves a file, and reads the file. */
  async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const coming: Promise<Download> = page.waitForEvent('download');
    await click();
    const download = await coming;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  it('4.2, 4.3, 4.10: a running study is watched to its end, and its model arrives', async () => {
    const { page, context, said } = await visit(browser);
    await page.goto(address(`/jobs/${jobId}`));
    // A name with markup in it is text.
    await page.getByRole('heading', { name: '<b>Small</b> digits' }).waitFor();
    const model = page.getByRole('button', { name: 'Model (.keras)' });
    const state = async () => (await onegin.job(jobId)).status;
    if ((await state()) === 'running') expect(await model.isDisabled()).toBe(true);
    await page.getByRole('progressbar', { name: /^Trials done/ }).waitFor();
    await page.locator('on-trial-tile').first().waitFor();
    await shot(page, 'job-running');
    await onegin.ended(jobId, STUDY_MS);
    await page.getByText(/Completed, trial \d+ is the best/).waitFor();
    expect(await page.locator('on-trial-tile').count()).toBe(4);
    expect(await page.locator('on-trial-tile.best').count()).toBe(1);

    const { name, bytes } = await saved(page, () => model.click());
    expect(name).toMatch(/\.keras$/);
    expect(Object.keys(unzipSync(new Uint8Array(bytes)))).toContain('config.json');
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.4: every diagnosis has a tab with a chart that can be saved', async () => {
    const { page, context, said } = await visit(browser);
    await page.goto(address(`/jobs/${jobId}/trials/1`));
    const dialog = page.getByRole('dialog');
    for (const name of [
      'Training history',
      'Gradient flow',
      'Weight distribution',
      'Activation progression',
      'Dead and saturated units',
      'Confusion matrix',
    ]) {
      await dialog.getByRole('tab', { name }).click();
      await dialog.getByRole('tabpanel', { name }).locator('on-chart canvas').first().waitFor();
      const save = dialog.getByRole('button', { name: `Save ${name} as SVG` });
      const file = await saved(page, () => save.click());
      expect(file.name).toMatch(/\.svg$/);
      expect(file.bytes.toString()).toContain('<svg');
    }
    await dialog.getByRole('tab', { name: 'Model architecture' }).click();
    await dialog.getByText('use_global_pooling').waitFor();
    // Laid out by ELK in its worker, and drawn.
    await dialog.locator('on-network-diagram canvas').first().waitFor();
    await dialog.locator('on-network-diagram .skeleton').waitFor({ state: 'detached' });
    await shot(page, 'trial-model');
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.1, 2.9: a job is started from the form, watched, and cancelled', async () => {
    const { page, context, said } = await visit(browser);
    await page.goto(address('/new'));
    await page.locator('#dataset').selectOption('mnist-10k');
    await page.locator('#name').fill('To be cancelled');
    await page.locator('#trials').fill('30');
    await page.locator('#epochs').fill('3');
    await page.locator('#epochs').blur();
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/jobs\/[a-z0-9-]+$/);
    await page.getByRole('heading', { name: 'To be cancelled' }).waitFor();
    const tile = page.locator('on-trial-tile').first();
    await tile.getByText('running').waitFor();
    expect(await tile.getByRole('button', { name: /View details/ }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('Job cancelled').first().waitFor();
    expect(await page.getByRole('button', { name: 'Cancel', exact: true }).count()).toBe(0);
    expect(said).toEqual([]);
    await context.close();
  });

  it('a gateway that restarts is said, and the page goes on from where it was', async () => {
    const { page, context, said } = await visit(browser);
    const running = await onegin.optimize({
      dataset: 'mnist-10k',
      trials: 3,
      epochs: 2,
      seed: 2,
      searchSpace: smallCnn,
      name: 'Survivor',
    });
    await page.goto(address(`/jobs/${running}`));
    await page.locator('on-trial-tile').first().waitFor();
    onegin.kill('gateway');
    await page.getByText(/Connection lost/).waitFor();
    await page.getByText(/Connection lost/).waitFor({ state: 'detached' });
    await onegin.ended(running, STUDY_MS);
    await page.getByText(/Completed, trial \d+ is the best/).waitFor();
    expect(await page.locator('on-trial-tile').count()).toBe(3);
    // The browser itself says that it could not connect meanwhile; the page says nothing.
    expect(said.filter((line) => !/WebSocket connection|Failed to load resource|ERR_/.test(line))).toEqual(
      [],
    );
    await context.close();
  });

  it('an id that no job has is said, with a way out', async () => {
    const { page, context } = await visit(browser);
    await page.goto(address('/jobs/nosuchjob1'));
    await page.getByRole('heading', { name: 'There is no job with this id' }).waitFor();
    await page.getByRole('link', { name: 'All jobs', exact: true }).click();
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    await context.close();
  });

  it('4.11: jobs are searched and compared, and the search stands in the address', async () => {
    const { page, context, said } = await visit(browser);
    await page.goto(address('/jobs?q=small'));
    await page.getByRole('link', { name: '<b>Small</b> digits' }).waitFor();
    expect(await page.locator('.job').count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Search jobs' }).fill('');
    await page.locator('.job').nth(1).waitFor();
    for (const at of [0, 1]) await page.locator('.job').nth(at).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^Compare/ }).click();
    await page.getByRole('dialog').getByRole('rowheader', { name: 'best score' }).waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.9: from the list to the details and back with the keyboard alone', async () => {
    const { page, context } = await visit(browser);
    await page.goto(address('/jobs'));
    const focused = (words: RegExp) => tabUntil(page, words);
    // The link, not the checkbox before it.
    await focused(/^ ?<b>Small<\/b> digits/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/jobs\/[a-z0-9-]+$/);
    await page.locator('on-trial-tile').first().waitFor();
    await focused(/View details of trial/);
    await page.keyboard.press('Enter');
    // It takes the focus once it has opened; a Tab before that would be the page's.
    await page.locator('[role=dialog] :focus').waitFor();
    await focused(/Training history/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('[data-chart=gradient-flow]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await context.close();
  });

  describe.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('4.8, 4.9: on a %s', (size) => {
    it.each([false, true])('every page fits, is accessible and quiet (dark: %s)', async (dark) => {
      const { page, context, said } = await visit(browser, { size, dark });
      const pages = {
        jobs: ['/jobs', 'on-jobs-page .job'],
        job: [`/jobs/${jobId}`, 'on-trial-tile'],
        table: [`/jobs/${jobId}?view=table`, 'on-trial-list .row.best'],
        trial: [`/jobs/${jobId}/trials/1`, 'on-trial-dialog on-chart canvas'],
        new: ['/new', '#dataset'],
        trainers: ['/trainers', 'h1'],
        learn: ['/learn', 'h1'],
      } as const;
      for (const [name, [path, sign]] of Object.entries(pages)) {
        await page.goto(address(path));
        await page.locator(sign).first().waitFor();
        const title = page.locator('header .title');
        expect(await title.textContent()).toBe('Onegin: A Neural Architecture Explorer');
        expect([name, await overflow(page)]).toEqual([name, 0]);
        expect([name, await seriousFindings(page)]).toEqual([name, []]);
        await shot(page, `${name}-${size}${dark ? '-dark' : ''}`);
      }
      expect(said).toEqual([]);
      await context.close();
    });
  });
});

/** Presses Tab until what has the focus is called so. */
async function tabUntil(page: Page, words: RegExp): Promise<void> {
  const MOST = 150;
  for (let i = 0; i < MOST; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(
      '(document.activeElement?.getAttribute("aria-label") ?? "") + " " + (document.activeElement?.textContent ?? "")',
    );
    if (words.test(String(name))) return;
  }
  throw new Error(`nothing called ${words} was reached with ${MOST} presses of Tab`);
}
