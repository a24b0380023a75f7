/**
 * The README's pictures, from a real study by real services in a real browser, into `docs/images/` (or the folder
 * given). Takes some minutes.
 *
 *   npm run screenshots [-- folder]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visit } from '../tests/support/browser.ts';
import { untilDrawn } from '../tests/support/explorer.ts';
import { Onegin } from '../tests/support/onegin.ts';

const [folder = 'docs/images'] = process.argv.slice(2);
const TRIALS = 16;
/** This many have ended when the job's page is taken: charts have something to say, and trials still run. */
const TRIALS_SHOWN = 11;
const WITHIN_MS = 30 * 60_000;

mkdirSync(folder, { recursive: true });
const onegin = await Onegin.start({ trainers: 2 });
const browser = await launchBrowser('webgl');
try {
  const jobId = await onegin.optimize({
    dataset: 'mnist-10k',
    name: 'Handwritten digits',
    mode: 'health',
    trials: TRIALS,
    epochs: 6,
    seed: 7,
    searchSpace: { convLayers: { type: 'int', low: 1, high: 2 }, filters: { type: 'int', low: 8, high: 16 } },
  });
  const ended = (events: { type: string }[]) =>
    events.filter(({ type }) => /^Training(Completed|Pruned|Failed)$/.test(type)).length;
  await onegin.until(jobId, (events) => ended(events) >= TRIALS_SHOWN, WITHIN_MS);
  await take(browser, 'job', `/jobs/${jobId}`, (page) =>
    page.locator('[data-chart] canvas').nth(2).waitFor(),
  );
  await onegin.ended(jobId, WITHIN_MS);
  const best = (await onegin.job(jobId)).bestTrial?.number ?? 0;
  await take(browser, 'trial', `/jobs/${jobId}/trials/${best}?tab=gradient-flow`, async (page) => {
    await page.locator('[data-chart=gradient-flow] canvas').waitFor();
  });
  await take(
    browser,
    'explorer',
    `/jobs/${jobId}/trials/${best}/network?view=3d&color=health`,
    async (page) => {
      await untilDrawn(page, 'a diagram', () => true);
      await page.locator('.block-label').first().waitFor();
    },
    { dark: true },
  );
  await take(browser, 'learn', '/learn', (page) => page.locator('h1').waitFor());
} finally {
  await browser.close();
  await onegin.stop();
}

async function take(
  by: Browser,
  name: string,
  path: string,
  isReady: (page: Page) => Promise<void>,
  { dark = false } = {},
): Promise<void> {
  const { page, context } = await visit(by, { dark });
  await page.goto(`${onegin.stack.address}${path}`);
  await isReady(page);
  // What is fetched for it is there.
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  console.log(join(folder, `${name}.png`));
}
