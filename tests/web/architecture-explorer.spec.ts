/**
 * The architecture explorer as a person uses it: real networks trained by real services, a real browser, with WebGL
 * (SwiftShader) and without. Screenshots are left in .cache/web-shots to be looked at; nothing is compared with them.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Architecture } from '@onegin/contracts';
import type { Page } from 'playwright-core';
import { ExplorerBrowser, SIZES, type SizeName } from '../support/explorer-browser.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

const TRAINED_WITHIN_MS = 240_000;
const LIMIT_MS = 300_000;

let onegin: Onegin;
let withWebGl: ExplorerBrowser;
let withoutWebGl: ExplorerBrowser;
let cnn: string;
let lstm: string;

beforeAll(async () => {
  onegin = await Onegin.start();
  [withWebGl, withoutWebGl] = await Promise.all([
    ExplorerBrowser.launch({ webGl: true }),
    ExplorerBrowser.launch({ webGl: false }),
  ]);
  cnn = await onegin.optimize({
    dataset: 'mnist-10k',
    name: '<b>digits</b>',
    trials: 1,
    epochs: 3,
    seed: 1,
    searchSpace: smallCnn,
  });
}, LIMIT_MS);

afterAll(async () => {
  await withWebGl?.close();
  await withoutWebGl?.close();
  await onegin?.stop();
});

const address = (job: string, query = '') => `${onegin.stack.address}/jobs/${job}/trials/0/network${query}`;
const network = (job: string) => onegin.ask<Architecture>(`jobs/${job}/trials/0/architecture`);
const epochsOf = (events: { type: string }[]) => events.filter(({ type }) => type === 'EpochEnded').length;

/** Chooses a format and reads the file that comes. */
async function saved(page: Page, format: string): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Save as' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: format }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('4.5: the architecture explorer', () => {
  it(
    'shows a network while it trains, its health epoch by epoch, to the end',
    async () => {
      await onegin.until(cnn, (events) => events.some(({ type }) => type === 'TrialStarted'), LIMIT_MS);
      const visit = await withWebGl.visit(address(cnn));
      const { page } = visit;
      const { layers } = await network(cnn);
      expect(await page.locator('[data-layer]').count()).toBe(layers.length);
      // Health is what a running trial is coloured by; the epochs come without anybody asking.
      expect(await page.locator('on-architecture-explorer select').inputValue()).toBe('health');
      await page.getByText('Epoch 3 of 3').waitFor({ timeout: TRAINED_WITHIN_MS });
      await onegin.ended(cnn, TRAINED_WITHIN_MS);
      await page.getByText('live', { exact: true }).waitFor({ state: 'detached' });
      expect(await page.locator('[data-layer="conv_1"] .word').textContent()).toMatch(
        /healthy|%|gradient|moves|jumps/,
      );
      await visit.close();
    },
    LIMIT_MS,
  );

  it('tells of the layer that the address names, and keeps what is chosen in the address', async () => {
    const { page, close } = await withWebGl.visit(address(cnn, '?layer=conv_1&color=health&epoch=1'));
    const panel = page.locator('on-layer-panel');
    await panel.getByText('In epoch 1').waitFor();
    expect(await panel.textContent()).toMatch(/Gradient\s*0\.\d/);
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/layer=(batch_norm_1|max_pooling_1)/);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('layer'));
    await page.getByText('3D', { exact: true }).click();
    await page.waitForURL(/view=3d/);
    await close();
  });

  it('saves vectors, a picture and the data', async () => {
    const { page, close } = await withWebGl.visit(address(cnn));
    const svg = await saved(page, 'SVG');
    expect(svg.name).toBe('trial-0-architecture.svg');
    const drawing = svg.bytes.toString();
    expect(drawing).toMatch(/^<svg /);
    expect(drawing).not.toContain('<image');
    expect(drawing).toContain('Flatten');
    const pdf = (await saved(page, 'PDF')).bytes;
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    // Vectors with a font of their own: no picture is in it.
    expect(pdf.includes('/FontFile2')).toBe(true);
    expect(pdf.includes('/Subtype /Image')).toBe(false);
    const png = (await saved(page, 'PNG')).bytes;
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(10_000);
    const json = await saved(page, 'JSON');
    expect(JSON.parse(json.bytes.toString())).toEqual(await network(cnn));
    await close();
  });

  it('fetches ELK, 3D and PDF only when they are needed', async () => {
    const { page, scripts, close } = await withWebGl.visit(address(cnn));
    const before = scripts.length;
    await page.getByText('3D', { exact: true }).click();
    await page.waitForFunction("document.querySelectorAll('.block-label').length > 0");
    expect(scripts.length).toBeGreaterThan(before);
    const with3d = scripts.length;
    await saved(page, 'PDF');
    expect(scripts.length).toBeGreaterThan(with3d);
    await close();
  });

  it('steps through a pass and replays the training in 3D', async () => {
    const { page, close } = await withWebGl.visit(address(cnn, '?view=3d&color=health'));
    await page.waitForFunction("document.querySelectorAll('.block-label').length > 0");
    const pixels = () =>
      page.evaluate(`(() => {
        const canvas = document.querySelector('on-network-space canvas');
        const copy = document.createElement('canvas');
        [copy.width, copy.height] = [canvas.width, canvas.height];
        return canvas.width * canvas.height;
      })()`);
    expect(await pixels()).toBeGreaterThan(10_000);
    await page.getByRole('button', { name: 'Step on' }).click();
    await page.getByText('Forward. Input').waitFor();
    await page.getByRole('button', { name: 'Replay the training' }).click();
    await page.getByText('Epoch 1 of 3').waitFor();
    await page.getByText('Epoch 3 of 3').waitFor();
    const picked = page.locator('on-network-space canvas');
    const { width = 0, height = 0 } = (await picked.boundingBox()) ?? {};
    // The blocks fill the middle of the picture.
    await picked.click({ position: { x: width / 2, y: height / 2 } });
    await page.waitForURL(/layer=/);
    await close();
  });

  it('falls back to 2D with a word without WebGL', async () => {
    const { page, close } = await withoutWebGl.visit(address(cnn, '?view=3d'));
    await page.getByText('There is no 3D here: this browser offers no WebGL.').waitFor();
    await page.waitForFunction("!document.querySelector('on-network-diagram .skeleton')");
    await close();
  });

  it(
    'shows an LSTM',
    async () => {
      lstm = await onegin.optimize({
        dataset: 'spam-assassin',
        trials: 1,
        epochs: 1,
        seed: 1,
        searchSpace: {
          lstmUnits: { type: 'int', low: 8, high: 8 },
          embeddingSize: { type: 'int', low: 8, high: 8 },
          sequenceLength: { type: 'int', low: 20, high: 20 },
        },
      });
      const events = await onegin.ended(lstm, TRAINED_WITHIN_MS);
      expect(epochsOf(events)).toBeGreaterThan(0);
      const { page, close } = await withWebGl.visit(address(lstm, '?layer=lstm_1'));
      await page.getByText('Reads the sequence step by step').waitFor();
      expect(await page.locator('on-architecture-legend').textContent()).toContain('Embedding');
      expect(await page.locator('on-architecture-legend').textContent()).not.toContain('Convolution');
      await close();
    },
    LIMIT_MS,
  );

  it.each(Object.keys(SIZES) as SizeName[])(
    'fits a %s, light and dark, without serious findings of axe',
    async (size) => {
      for (const dark of [false, true])
        for (const [name, query] of [
          ['2d', '?color=health&layer=conv_1'],
          ['3d', '?view=3d'],
        ] as const) {
          const visit = await withWebGl.visit(address(cnn, query), { size, dark });
          const { page } = visit;
          await page.waitForFunction("!document.querySelector('on-architecture-explorer .skeleton')");
          await visit.shot(`explorer-${name}-${size}-${dark ? 'dark' : 'light'}`);
          const wider = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect(wider).toBeLessThanOrEqual(0);
          if (name === '2d') expect(await visit.seriousFindings()).toEqual([]);
          // The name of the job is text.
          await page.getByText('<b>digits</b>').waitFor();
          await visit.close();
        }
    },
    LIMIT_MS,
  );
});
