/** Rows of FEATURES that are about the pages around a study: starting one, learning, the bar and the footer. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { standardSpace } from '@onegin/contracts';
import type { Page } from 'playwright-core';
import { TestKeys } from '../../services/gateway/src/testing/test-keys.ts';
import { SIZES, visit } from '../support/browser.ts';
import { configuredSite, isOnScreen, isOpaque, PlayedOnegin } from '../support/played-onegin.ts';

jest.setTimeout(200_000);

const TIP = '[role=note]';

describe('the pages around a study', () => {
  let onegin: PlayedOnegin;
  beforeAll(async () => {
    onegin = await PlayedOnegin.start({ site: configuredSite });
  });
  afterAll(() => onegin?.stop());

  const mark = (page: Page, about: string) => page.getByRole('button', { name: `About ${about}` });

  it('4.1: by touch on a phone, the tooltips are opaque, on the screen, and before their drop-down', async () => {
    const { page, context, said } = await visit(onegin.browser, { size: 'phone' });
    await page.goto(onegin.address('/new'));
    for (const [about, id, words] of [
      ['the datasets', 'dataset', /About/],
      ['the modes', 'mode', /health says in what state it is/],
    ] as const) {
      const [tip, control] = [mark(page, about), page.locator(`#${id}`)];
      const [at, box] = [await tip.boundingBox(), await control.boundingBox()];
      expect(at!.x + at!.width / 2).toBeLessThan(box!.x);
      await tip.tap();
      await page.locator(TIP).waitFor();
      expect(await page.locator(TIP).textContent()).toMatch(words);
      expect([await isOpaque(page, TIP), await isOnScreen(page, TIP)]).toEqual([true, true]);
      await page.keyboard.press('Escape');
      await page.locator(TIP).waitFor({ state: 'detached' });
    }
    await mark(page, 'the datasets').tap();
    await page.locator(`${TIP} p`).first().waitFor();
    const datasets = await page.locator('#dataset option').count();
    expect(await page.locator(`${TIP} p`).count()).toBe(datasets);
    const [href] = await page
      .locator(`${TIP} a`)
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(href).toMatch(/^https?:\/\//);
    // A tap elsewhere closes it too.
    await page.locator('h1').tap();
    await page.locator(TIP).waitFor({ state: 'detached' });
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.1: every parameter has a range that can be changed, and an explanation of what it does', async () => {
    const { page, context, said } = await visit(onegin.browser, { size: 'phone' });
    await page.goto(onegin.address('/new'));
    await page.locator('summary', { hasText: 'Parameters' }).tap();
    const editors = page.locator('on-parameter-editor');
    await editors.first().waitFor();
    const space = standardSpace('cnn');
    expect(await editors.count()).toBe(Object.keys(space).length);
    for (const [name, { explanation }] of Object.entries(space)) {
      const editor = editors.filter({ has: page.locator('code', { hasText: new RegExp(`^${name}$`) }) });
      expect(await editor.textContent()).toContain(explanation);
      expect(await editor.locator('.ends input, .choice').count()).toBeGreaterThan(1);
    }
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.1, 2.10: a job is started with a checkbox for the GPU, and the request says so', async () => {
    const { page, context, said } = await visit(onegin.browser, { size: 'phone' });
    await page.goto(onegin.address('/new'));
    await page.locator('#dataset').selectOption('digits');
    await page.locator('#mode').selectOption('pareto');
    await page.getByRole('checkbox', { name: 'Train on GPUs' }).tap();
    await page.locator('form button[type=submit]').tap();
    await page.waitForURL(/\/jobs\/[a-z0-9-]+$/);
    await page.getByText('on GPU trainers').waitFor();
    const jobId = page.url().split('/').at(-1) ?? '';
    const [requested] = await onegin.stack.log.read(jobId, 0);
    expect(requested).toMatchObject({
      config: { request: { dataset: 'digits', mode: 'pareto', useGpu: true } },
    });
    // Nobody is there who could train: the page says so, and what to do.
    await page.getByText('No trainer with a GPU is there.').waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  it('4.7: says of each parameter what it does, and what this study found out from its own trials', async () => {
    await onegin.play('job-learn', { trials: 40, epochs: 2 }, undefined, 'To learn from');
    const { page, context, said } = await visit(onegin.browser);
    await page.goto(onegin.address('/learn'));
    await page.getByRole('heading', { name: 'In your studies' }).first().waitFor();
    const answer = await fetch(onegin.address('/api/jobs/job-learn/findings'));
    const { findings } = (await answer.json()) as { findings: { param: string }[] };
    expect(findings.length).toBeGreaterThan(3);
    for (const { param } of findings) {
      const section = page.locator(`section#${param}`);
      expect(await section.getByRole('link', { name: 'To learn from' }).count()).toBe(1);
      expect(await section.locator('svg').count()).toBe(1);
    }
    for (const name of Object.keys(standardSpace('cnn')))
      expect((await page.locator(`section#${name} p`).first().textContent())?.length).toBeGreaterThan(20);
    expect(said).toEqual([]);
    await context.close();
  });

  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
    '4.8: on a %s the bar has the whole title and the logo, aligned with the content and the footer',
    async (size) => {
      const { page, context, said } = await visit(onegin.browser, { size });
      await page.goto(onegin.address('/learn'));
      await page.locator('h1').waitFor();
      const title = page.locator('header .title');
      expect(await title.textContent()).toBe('Onegin: A Neural Architecture Explorer');
      // Nothing of it is cut off.
      expect(await title.evaluate((one) => one.scrollWidth <= one.clientWidth + 1)).toBe(true);
      expect(await isOnScreen(page, 'header .title')).toBe(true);
      const left = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((one) => Math.round(one.getBoundingClientRect().left));
      const content = await left('h1');
      expect([await left('header .brand'), await left('footer a')]).toEqual([content, content]);
      const logo = page.locator('header img');
      expect(
        await logo.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth),
      ).toBeGreaterThan(0);
      expect(said).toEqual([]);
      await context.close();
    },
  );

  it('4.8: the footer links to what is configured and to nothing else, and no link is dead', async () => {
    const { page, context } = await visit(onegin.browser);
    await page.goto(onegin.address('/jobs'));
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    const links = await page
      .locator('footer a')
      .evaluateAll((all) => all.map((a) => [a.textContent?.trim(), a.getAttribute('href')]));
    expect(Object.fromEntries(links)).toEqual({
      'Ada Lovelace': 'https://ada.example.org/',
      Company: 'https://company.example.org/',
      'MIT licence': '/licence.txt',
      'Source code': 'https://code.example.org/onegin',
      API: '/api/docs',
    });
    const icon = await page.locator('link[rel=icon]').getAttribute('href');
    for (const path of ['/licence.txt', '/api/docs', `/${icon}`, '/jobs', '/new', '/trainers', '/learn'])
      expect([path, (await fetch(onegin.address(path))).status]).toEqual([path, 200]);
    expect(await (await fetch(onegin.address('/licence.txt'))).text()).toContain('MIT License');
    await context.close();
  });

  it('5.5: where keys are required, a person signs in with one and stays in', async () => {
    const locked = await onegin.startGateway({ access: { mode: 'keys' } });
    const { key } = await new TestKeys(onegin.stack).make('run');
    const { page, context } = await visit(onegin.browser);
    await page.goto(`${locked.url}/jobs`);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByLabel('Key').fill('onegin_wrong_key');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Key').fill(key);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.job').first().waitFor();
    await page.reload();
    await page.locator('.job').first().waitFor();
    expect(await dialog.count()).toBe(0);
    await context.close();
    await locked.close();
  });
});
