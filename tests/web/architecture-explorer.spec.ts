/**
 * The architecture explorer as a person uses it: real networks trained by real services, in a real browser with WebGL
 * (computed by the processor) and without. Screenshots are left in .cache/web-shots to be looked at.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Architecture } from '@onegin/contracts';
import type { Browser, Page } from 'playwright-core';
import {
  launchBrowser,
  overflow,
  PATIENCE_MS,
  seriousFindings,
  SHOTS,
  SIZES,
  visit,
  type Visit,
} from '../support/browser.ts';
import {
  drawn,
  drawnDiagram,
  longNetwork,
  pictureFacts,
  savedFile,
  untilDrawn,
  withClass,
} from '../support/explorer.ts';
import { Onegin } from '../support/onegin.ts';

jest.setTimeout(400_000);

const STUDY_MS = 300_000;
const EPOCHS = 6;
/** This many pixels below its upper end there is still the first block. */
const BLOCK_DEEP = 120;

let onegin: Onegin;
let browser: Browser;
let cnn: string;
let lstm: string;

beforeAll(async () => {
  onegin = await Onegin.start({ trainers: 1 });
  browser = await launchBrowser('webgl');
  cnn = await onegin.optimize({
    dataset: 'mnist-10k',
    name: '<b>digits</b>',
    trials: 1,
    epochs: EPOCHS,
    seed: 1,
    searchSpace: {
      convLayers: { type: 'int', low: 2, high: 2 },
      filters: { type: 'int', low: 8, high: 8 },
      kernelSize: { type: 'categorical', choices: [3] },
      batchNorm: { type: 'categorical', choices: [false] },
      pooling: { type: 'categorical', choices: ['flatten'] },
      denseLayers: { type: 'int', low: 1, high: 1 },
      denseUnits: { type: 'int', low: 32, high: 32 },
      dropout: { type: 'float', low: 0.1, high: 0.1 },
      activation: { type: 'categorical', choices: ['relu'] },
      learningRate: { type: 'float', low: 0.005, high: 0.005 },
    },
  });
});

afterAll(async () => {
  await browser?.close();
  await onegin?.stop();
});

const network = (job: string) => onegin.ask<Architecture>(`jobs/${job}/trials/0/architecture`);
const trialEnded = (job: string) =>
  onegin.until(job, (events) => events.some(({ type }) => type === 'TrainingCompleted'), STUDY_MS);

/** Opens the explorer and waits until ELK has laid out and Cytoscape has drawn. */
async function open(
  query = '',
  { of = cnn, by = browser, ...how }: { of?: string; by?: Browser } & Parameters<typeof visit>[1] = {},
): Promise<Visit> {
  const visited = await visit(by, how);
  await visited.page.goto(`${onegin.stack.address}/jobs/${of}/trials/0/network${query}`);
  await untilDrawn(visited.page, 'a diagram', () => true);
  return visited;
}

/** Nothing was said in the console, and nothing is left open. */
async function closed({ context, said }: Visit): Promise<void> {
  expect(said).toEqual([]);
  await context.close();
}

async function save(page: Page, format: RegExp) {
  await page.getByRole('button', { name: 'Save as' }).click();
  return savedFile(page, () => page.getByRole('menuitem', { name: format }).click());
}

describe('4.5: a network while it trains', () => {
  it('is coloured by its health, epoch by epoch, without anybody asking, to the end', async () => {
    await onegin.until(cnn, (events) => events.some(({ type }) => type === 'TrainingStarted'), STUDY_MS);
    const visited = await open();
    const { page } = visited;
    expect(await page.locator('on-architecture-explorer select').inputValue()).toBe('health');
    const epochs = page.locator('on-epoch-slider');
    await epochs.getByText('live', { exact: true }).waitFor();
    await epochs.getByText(/Epoch \d+ of/).waitFor();
    const first = Number(/Epoch (\d+) of/.exec((await epochs.textContent()) ?? '')?.[1]);
    const ground = drawn(await untilDrawn(page, 'a diagram', () => true), 'flatten').fill;
    const healthy = await untilDrawn(
      page,
      'a coloured convolution',
      (diagram) => drawn(diagram, 'conv_1').fill !== ground,
    );
    expect(drawn(healthy, 'conv_1').label).toMatch(/\n(healthy|.*(gradient|moves|jumps|dead|saturated))/);
    await page.screenshot({ path: join(SHOTS, 'explorer-live.png'), fullPage: true });
    await epochs.getByText(`Epoch ${EPOCHS} of ${EPOCHS}`).waitFor({ timeout: STUDY_MS });
    expect(first).toBeLessThan(EPOCHS);
    await epochs.getByText('live', { exact: true }).waitFor({ state: 'detached' });
    await closed(visited);
  });
});

describe('4.5: the diagram', () => {
  beforeAll(async () => void (await trialEnded(cnn)));

  it('shows every layer from input to output, shapes on its arrows, and a legend of what is there', async () => {
    const visited = await open();
    const { page } = visited;
    const { layers, cytoscape } = await network(cnn);
    const diagram = await untilDrawn(page, 'all layers', (it) => it.layers.length === layers.length);
    expect(diagram.layers.map(({ id }) => id)).toEqual(layers.map(({ id }) => id));
    expect(diagram.layers.map(({ id }) => id)).toContain('flatten');
    expect(diagram.arrows.map(({ label }) => label)).toEqual(
      cytoscape.edges.map(({ data }) => data.tensorShape),
    );
    // Left to right, row by row.
    diagram.layers.slice(1).forEach(({ at }, i) => {
      const before = diagram.layers[i]?.at ?? at;
      expect(at.x > before.x || at.y > before.y).toBe(true);
    });
    const legend = await page
      .getByRole('list', { name: 'Kinds of layers' })
      .getByRole('listitem')
      .allTextContents();
    expect(legend.map((entry) => entry.replace(/\s*×.*/s, '').trim()).sort()).toEqual(
      [
        'Activation',
        'Convolution',
        'Dense',
        'Dropout',
        'Flatten',
        'Input',
        'Max pooling',
        'Rescaling',
      ].sort(),
    );
    // A name with markup in it is text.
    await page.getByText('<b>digits</b>').waitFor();
    await closed(visited);
  });

  it('lights a layer with its connections under the pointer, and with the focus in the list', async () => {
    const visited = await open();
    const { page } = visited;
    const { at } = drawn(await untilDrawn(page, 'a diagram', () => true), 'conv_2');
    await page.mouse.move(at.x, at.y);
    const hovered = await untilDrawn(
      page,
      'a lit layer',
      ({ layers }) => withClass(layers, 'pointed').length > 0,
    );
    expect(withClass(hovered.layers, 'pointed')).toEqual(['conv_2']);
    const ids = hovered.layers.map(({ id }) => id);
    const place = ids.indexOf('conv_2');
    expect(withClass(hovered.layers, 'near')).toEqual(ids.slice(place - 1, place + 2));
    expect(withClass(hovered.arrows, 'near')).toHaveLength(2);
    await page.locator('[data-layer="input"]').focus();
    const focused = await untilDrawn(page, 'the focused layer', ({ layers }) =>
      withClass(layers, 'pointed').includes('input'),
    );
    expect(withClass(focused.arrows, 'near')).toHaveLength(1);
    await closed(visited);
  });

  it('plays the forward and the backward pass, steps through it, and ends it', async () => {
    const visited = await open();
    const { page } = visited;
    const step = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Play a training step' }).click();
    await untilDrawn(page, 'a moving pass', ({ arrows }) => withClass(arrows, 'active').length > 0);
    await untilDrawn(page, 'a pass further on', ({ layers }) => withClass(layers, 'passed').length > 1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await untilDrawn(page, 'nothing marked', ({ layers }) =>
      layers.every(({ classes }) => !classes.includes('active') && !classes.includes('ahead')),
    );
    await step('Step on');
    await page.getByText('Forward. Input 28 × 28 × 1: 28 × 28 × 1 values come in.').waitFor();
    await step('Step on');
    await untilDrawn(
      page,
      'the second layer',
      ({ layers }) => withClass(layers, 'active')[0] === 'rescaling',
    );
    const { layers } = await network(cnn);
    for (let i = 2; i < layers.length + 2; i++) await step('Step on');
    await page.getByText(/^\s*\d+ \/ \d+\s+Backward\./).waitFor();
    await untilDrawn(page, 'the last layer', ({ layers: all }) => withClass(all, 'active')[0] === 'softmax');
    await step('Step on');
    const further = await untilDrawn(
      page,
      'the layer before',
      ({ layers: all }) => withClass(all, 'active')[0] === 'output',
    );
    expect(withClass(further.arrows, 'backward')).toContain('output→softmax');
    await step('Step back');
    await untilDrawn(
      page,
      'the last layer again',
      ({ layers: all }) => withClass(all, 'active')[0] === 'softmax',
    );
    await closed(visited);
  });

  it('shows all that is known of a layer: parameters, statistics of the epoch, dead units', async () => {
    const visited = await open('?color=health');
    const { page } = visited;
    const panel = page.locator('on-layer-panel');
    const { at } = drawn(await untilDrawn(page, 'a diagram', () => true), 'conv_2');
    await page.mouse.click(at.x, at.y);
    await page.waitForURL(/layer=conv_2/);
    await panel.getByRole('heading', { name: 'Conv2D 16, 3 × 3' }).waitFor();
    const said = async () => ((await panel.textContent()) ?? '').replaceAll(/\s+/g, ' ');
    expect(await said()).toMatch(/Parameters ?1,168/);
    expect(await said()).toContain(`In epoch ${EPOCHS}`);
    expect(await said()).toMatch(/Gradient ?[\d.]+/);
    expect(await said()).toMatch(/Weights ?[\d.]+/);
    // The units of a convolution are looked at after its activation.
    await panel
      .getByRole('button', { name: /Activation|ReLU/i })
      .last()
      .click();
    await page.waitForURL(/layer=activation_2/);
    await panel.getByText('Dead units', { exact: true }).waitFor();
    expect(await said()).toMatch(/Dead units ?(< )?\d+%/);
    expect(await said()).toMatch(/Activation ?[\d.]+ ± [\d.]+/);
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/layer=flatten/);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('layer'));
    await closed(visited);
  });

  it('replays the training with the slider of epochs', async () => {
    const visited = await open('?color=health&layer=conv_1');
    const { page } = visited;
    const slider = page.getByRole('slider', { name: 'Epoch' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText(`Epoch 1 of ${EPOCHS}`).waitFor();
    await page.waitForURL(/epoch=1/);
    await page.locator('on-layer-panel').getByText('In epoch 1', { exact: true }).waitFor();
    const gradient = () => page.locator('on-layer-panel dt:text-is("Gradient") + dd').textContent();
    const early = await gradient();
    await page.getByRole('button', { name: 'Replay the training' }).click();
    await page.getByText(`Epoch 3 of ${EPOCHS}`).waitFor();
    await page.getByText(`Epoch ${EPOCHS} of ${EPOCHS}`).waitFor();
    expect(await gradient()).not.toBe(early);
    await closed(visited);
  });

  it('is saved as vectors, as a picture and as data', async () => {
    const visited = await open();
    const { page, context } = visited;
    const { layers, cytoscape } = await network(cnn);
    const svg = await save(page, /SVG/);
    expect(svg.name).toBe('trial-0-architecture.svg');
    const drawing = svg.bytes.toString();
    expect(drawing).toMatch(/^<svg /);
    expect(drawing).not.toContain('<image');
    expect(drawing.match(/<text /g)?.length).toBeGreaterThan(2 * layers.length);
    for (const { data } of cytoscape.edges) expect(drawing).toContain(`>${data.tensorShape}</text>`);
    const pdf = await save(page, /PDF/);
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    // Text in a font of its own, and no picture.
    expect(pdf.bytes.includes('/FontFile2')).toBe(true);
    expect(pdf.bytes.includes('/Subtype /Image')).toBe(false);
    const png = await save(page, /PNG/);
    expect([...png.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const facts = await pictureFacts(await context.newPage(), png.bytes);
    expect(facts.colors).toBeGreaterThan(20);
    const json = await save(page, /JSON/);
    expect(JSON.parse(json.bytes.toString())).toEqual(await network(cnn));
    await closed(visited);
  });

  it('fetches ELK, 3D and PDF only when they are wanted', async () => {
    const visited = await visit(browser);
    const { page } = visited;
    const scripts: string[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.url());
    });
    await page.goto(`${onegin.stack.address}/jobs/${cnn}`);
    await page.locator('on-trial-tile').first().waitFor();
    const grown = async (then: () => Promise<unknown>) => {
      const before = scripts.length;
      await then();
      return scripts.length - before;
    };
    expect(
      await grown(async () => {
        await page.goto(`${onegin.stack.address}/jobs/${cnn}/trials/0/network`);
        await untilDrawn(page, 'a diagram', () => true);
      }),
    ).toBeGreaterThan(0);
    expect(scripts.some((url) => /worker/.test(url))).toBe(true);
    expect(
      await grown(async () => {
        await page.getByRole('radio', { name: '3D' }).click();
        await page.locator('.block-label').first().waitFor({ state: 'attached' });
      }),
    ).toBeGreaterThan(0);
    expect(await grown(() => save(page, /PDF/))).toBeGreaterThan(0);
    await closed(visited);
  });

  it('of 200 layers is laid out, walked through and searched in the list', async () => {
    const long = longNetwork(await network(cnn), 200);
    const visited = await visit(browser);
    const { page } = visited;
    await page.route('**/trials/0/architecture', (route) => route.fulfill({ json: long }));
    await page.goto(`${onegin.stack.address}/jobs/${cnn}/trials/0/network`);
    const all = await untilDrawn(page, '200 layers', ({ layers }) => layers.length === 200);
    expect(all.arrows).toHaveLength(199);
    await page.screenshot({ path: join(SHOTS, 'explorer-200-layers.png'), fullPage: true });
    await page.locator('.stage').focus();
    await page.keyboard.press('End');
    await page.waitForURL(/layer=layer_199/);
    const box = await page.locator('.stage').boundingBox();
    // What is chosen comes into view.
    await untilDrawn(page, 'the last layer in view', (diagram) => {
      const { at } = drawn(diagram, 'layer_199');
      return (
        box !== null && at.x > box.x && at.x < box.x + box.width && at.y > box.y && at.y < box.y + box.height
      );
    });
    await page.getByRole('button', { name: 'All layers' }).click();
    await page.locator('[data-layer="layer_120"]').click();
    await page.waitForURL(/layer=layer_120/);
    await page.getByRole('radio', { name: '3D' }).click();
    await page.locator('.block-label.strong', { hasText: 'Convolution 120' }).waitFor();
    await page.screenshot({ path: join(SHOTS, 'explorer-200-layers-3d.png'), fullPage: true });
    await closed(visited);
  });

  it('of a text network shows its embedding and its LSTM', async () => {
    lstm = await onegin.optimize({
      dataset: 'spam-assassin',
      trials: 1,
      epochs: 1,
      seed: 1,
      searchSpace: {
        lstmUnits: { type: 'int', low: 8, high: 8 },
        lstmLayers: { type: 'int', low: 1, high: 1 },
        bidirectional: { type: 'categorical', choices: [false] },
        embeddingSize: { type: 'int', low: 8, high: 8 },
        sequenceLength: { type: 'categorical', choices: [20] },
        vocabularySize: { type: 'categorical', choices: [500] },
      },
    });
    await trialEnded(lstm);
    const visited = await open('?layer=lstm_1', { of: lstm });
    const { page } = visited;
    await page.getByText('Reads the sequence step by step').waitFor();
    const legend = (await page.locator('on-architecture-legend').textContent()) ?? '';
    expect(legend).toContain('Embedding');
    expect(legend).toContain('LSTM');
    expect(legend).not.toContain('Convolution');
    expect((await drawnDiagram(page))?.arrows.map(({ label }) => label)).toContain('20 × 8');
    await page.screenshot({ path: join(SHOTS, 'explorer-lstm.png'), fullPage: true });
    await closed(visited);
  });
});

describe('4.5: the network in 3D', () => {
  beforeAll(async () => void (await trialEnded(cnn)));

  const label = (page: Page, name: string) => page.locator('.block-label', { hasText: name }).first();
  /** A point on a block, by the foot of the line that leads from its name down to it. */
  async function under(page: Page, name: string): Promise<{ x: number; y: number }> {
    await label(page, name).waitFor();
    const box = await label(page, name).boundingBox();
    if (!box) throw new Error(`expected the name ${name} in view`);
    const style = (await label(page, name).getAttribute('style')) ?? '';
    const [lift = 0, foot = 0] = ['lift', 'foot'].map((of) =>
      Number(new RegExp(`--${of}: (-?\\d+)px`).exec(style)?.[1]),
    );
    return { x: box.x + foot, y: box.y + box.height + lift + BLOCK_DEEP };
  }

  /** What moves the camera shows in a later frame. */
  async function comesTo(page: Page, name: string, { x, y }: { x: number; y: number }): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(50)) {
      const now = await under(page, name);
      if (Math.hypot(now.x - x, now.y - y) < 2) return;
    }
    throw new Error(`expected ${name} to come back to ${x}, ${y}`);
  }

  it('is drawn; orbiting moves the camera; a click picks a layer and describes it', async () => {
    const visited = await open('?view=3d');
    const { page, context } = visited;
    await label(page, 'Input').waitFor();
    const picture = await save(page, /PNG/);
    const facts = await pictureFacts(await context.newPage(), picture.bytes);
    expect(facts.drawn).toBeGreaterThan(0.05);
    expect(facts.colors).toBeGreaterThan(40);

    const before = await under(page, 'Input');
    const box = await page.locator('on-network-space canvas').boundingBox();
    if (!box) throw new Error('expected a canvas');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height - 40, { steps: 6 });
    await page.mouse.up();
    const after = await under(page, 'Input');
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeGreaterThan(10);
    // An orbit is no click.
    expect(page.url()).not.toContain('layer=');
    await page.getByRole('button', { name: 'Show all' }).click();

    await comesTo(page, 'Input', before);
    await page.mouse.click(before.x, before.y);
    await page.waitForURL(/layer=input/);
    await page.locator('on-layer-panel').getByRole('heading', { name: 'Input' }).waitFor();
    await page.locator('.block-label.strong', { hasText: 'Input' }).waitFor();
    await closed(visited);
  });

  it('shows the pass and replays the training', async () => {
    const visited = await open('?view=3d&color=health&epoch=1');
    const { page } = visited;
    await label(page, 'Input').waitFor();
    await page.getByRole('button', { name: 'Step on', exact: true }).click();
    await page.getByText(/Forward\. Input/).waitFor();
    await page.getByRole('button', { name: 'Replay the training' }).click();
    await page.getByText(`Epoch ${EPOCHS} of ${EPOCHS}`).waitFor();
    await closed(visited);
  });

  it('is replaced by the diagram, with a word, where there is no WebGL', async () => {
    const without = await launchBrowser('no-webgl');
    try {
      const { page, context } = await open('?view=3d', { by: without });
      await page
        .getByText('There is no 3D here: this browser offers no WebGL.')
        .waitFor({ timeout: PATIENCE_MS });
      expect(await page.getByRole('radio', { name: '3D' }).isDisabled()).toBe(true);
      expect((await drawnDiagram(page))?.layers.length).toBeGreaterThan(5);
      await page.screenshot({ path: join(SHOTS, 'explorer-no-webgl.png'), fullPage: true });
      await context.close();
    } finally {
      await without.close();
    }
  });
});

describe('4.5, 4.9: the explorer', () => {
  beforeAll(async () => void (await trialEnded(cnn)));

  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
    'fits a %s, light and dark, in 2D and 3D, without serious findings',
    async (size) => {
      for (const [name, query, dark] of [
        ['2d', '', false],
        ['2d-layer', '?color=health&layer=activation_2', true],
        ['3d', '?view=3d&color=parameters', true],
      ] as const) {
        const visited = await open(query, { size, dark });
        const { page } = visited;
        if (name === '3d') await page.locator('.block-label').first().waitFor({ state: 'attached' });
        const shot = `explorer-${name}-${size}${dark ? '-dark' : ''}`;
        await page.screenshot({ path: join(SHOTS, `${shot}.png`), fullPage: true });
        expect([shot, await overflow(page)]).toEqual([shot, 0]);
        expect([shot, await seriousFindings(page)]).toEqual([shot, []]);
        await closed(visited);
      }
    },
  );
});
