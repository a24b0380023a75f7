import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EpochSummary } from '@onegin/contracts';
import { provideIcons } from '../parts/icon/provide-icons.ts';
import { ArchitectureExplorer } from './architecture-explorer.ts';
import { DIAGRAM_TOOLS } from './diagram/diagram-tools.ts';
import { SCENE_TOOLS } from './scene/scene-tools.ts';
import { FakeDiagram, noWebGl } from './testing/fake-tools.ts';
import { longNetwork, MARKUP } from './testing/made-up-networks.ts';
import { cnnArchitecture, cnnEpochs } from './testing/trained-networks.ts';

let diagram: FakeDiagram;
let fixture: ComponentFixture<ArchitectureExplorer>;

/** jsdom lays nothing out; the diagram waits for a frame that has a size. */
const sized = { configurable: true, get: () => 900 };
const original = {
  clientWidth: Object.getOwnPropertyDescriptor(Element.prototype, 'clientWidth'),
  clientHeight: Object.getOwnPropertyDescriptor(Element.prototype, 'clientHeight'),
};

beforeEach(() => {
  Object.defineProperties(Element.prototype, { clientWidth: sized, clientHeight: sized });
  diagram = new FakeDiagram();
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideIcons(),
      { provide: DIAGRAM_TOOLS, useValue: diagram.tools },
      { provide: SCENE_TOOLS, useValue: noWebGl },
    ],
  });
});

afterEach(() => {
  for (const [name, descriptor] of Object.entries(original))
    if (descriptor) Object.defineProperty(Element.prototype, name, descriptor);
});

async function show(inputs: Record<string, unknown> = {}): Promise<void> {
  fixture = TestBed.createComponent(ArchitectureExplorer);
  for (const [name, value] of Object.entries({ architecture: cnnArchitecture, epochs: cnnEpochs, ...inputs }))
    fixture.componentRef.setInput(name, value);
  await settled();
}

/** Lazy parts come in as promises of promises. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await fixture.whenStable();
}

async function set(name: string, value: unknown): Promise<void> {
  fixture.componentRef.setInput(name, value);
  await settled();
}

const page = () => fixture.nativeElement as HTMLElement;
const said = () => page().textContent?.replaceAll(/\s+/g, ' ') ?? '';

async function click(selector: string): Promise<void> {
  const target = page().querySelector<HTMLElement>(selector);
  if (!target) throw new Error(`expected ${selector} in ${page().innerHTML.slice(0, 2000)}`);
  target.click();
  await settled();
}

async function press(key: string): Promise<void> {
  page()
    .querySelector('.stage')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
  await settled();
}

describe('4.5: the architecture explorer', () => {
  it('lists every layer and tells all of the one that is chosen', async () => {
    await show({ mode: 'health' });
    expect(page().querySelectorAll('[data-layer]')).toHaveLength(16);
    expect(said()).toContain('26,770 parameters');
    await click('[data-layer="conv_2"]');
    expect(said()).toContain('14 × 14 × 8→14 × 14 × 16');
    expect(said()).toContain('In epoch 3');
    expect(said()).toMatch(/Gradient0\.\d+/);
    expect(diagram.marks?.chosen).toBe('conv_2');
    expect(fixture.componentInstance.layer()).toBe('conv_2');
    await click('[aria-label="All layers"]');
    expect(page().querySelectorAll('[data-layer]')).toHaveLength(16);
  });

  it('follows a click in the diagram', async () => {
    await show();
    diagram.events.chosen('dense_1');
    await settled();
    expect(said()).toContain('Connects every input with every unit');
    diagram.events.chosen(null);
    await settled();
    expect(page().querySelectorAll('[data-layer]')).toHaveLength(16);
  });

  it('lights the layer under the pointer, and the one of the list that has the focus', async () => {
    await show({ layer: 'dense_1' });
    diagram.events.pointed('conv_1');
    await settled();
    expect(diagram.marks).toMatchObject({ chosen: 'dense_1', pointed: 'conv_1' });
    diagram.events.pointed(null);
    await settled();
    expect(diagram.marks?.pointed).toBeNull();
    await click('[aria-label="All layers"]');
    page().querySelector('[data-layer="conv_2"]')?.dispatchEvent(new Event('focus'));
    await settled();
    expect(diagram.marks?.pointed).toBe('conv_2');
    await click('[data-layer="conv_2"]');
    expect(diagram.marks).toMatchObject({ chosen: 'conv_2', pointed: null });
  });

  it('is walked through with the keyboard', async () => {
    await show();
    await press('ArrowRight');
    expect(fixture.componentInstance.layer()).toBe('input');
    await press('End');
    expect(fixture.componentInstance.layer()).toBe('softmax');
    await press('Escape');
    expect(fixture.componentInstance.layer()).toBeNull();
  });

  it('steps through the forward and the backward pass', async () => {
    await show();
    await click('[aria-label="Step on"]');
    expect(said()).toContain('Forward. Input 28 × 28 × 1');
    expect(diagram.marks?.pass.get('input')).toBe('active');
    for (let i = 0; i < 17; i++) await click('[aria-label="Step on"]');
    expect(said()).toContain('Backward.');
    expect(diagram.marks?.phase).toBe('backward');
    await click('[aria-label="Step back"]');
    expect(said()).toContain('The loss says');
  });

  it('follows the running epoch of a trial that trains', async () => {
    await show({ epochs: [], live: true, mode: 'health' });
    expect(said()).toContain('The first epoch is running.');
    await set('epochs', cnnEpochs.slice(0, 1));
    expect(said()).toContain('Epoch 1 of 1');
    expect(diagram.look?.paints.get('conv_1')?.word).toBe('healthy');
    const dying: EpochSummary = {
      ...cnnEpochs[1]!,
      layers: { ...cnnEpochs[1]?.layers, activation_1: [null, null, 0.6, null] },
    };
    await set('epochs', [cnnEpochs[0], dying]);
    expect(said()).toContain('Epoch 2 of 2');
    expect(said()).toContain('live');
    expect(diagram.look?.paints.get('activation_1')?.word).toBe('60% dead');
  });

  it('keeps to an epoch that was asked for', async () => {
    await show({ shownEpoch: 1 });
    expect(said()).toContain('Epoch 1 of 3');
    await set('shownEpoch', 99);
    expect(said()).toContain('Epoch 3 of 3');
  });

  it('shows 2D with a word where there is no WebGL', async () => {
    await show({ view: '3d' });
    expect(said()).toContain('There is no 3D here: this browser offers no WebGL.');
    expect(page().querySelector('on-network-space')).toBeNull();
    expect(diagram.look).not.toBeNull();
  });

  it('shows markup in a name as text', async () => {
    await show({ architecture: longNetwork(3, () => MARKUP), epochs: [] });
    expect(page().querySelector('.name img, .name b')).toBeNull();
    expect(page().querySelector('.name')?.textContent).toBe(MARKUP);
  });

  it('says why when the diagram cannot be laid out, and goes on without it', async () => {
    diagram.tools.layout = () => Promise.reject(new Error('ELK ended'));
    await show();
    expect(said()).toContain('The diagram could not be laid out: ELK ended.');
    expect(page().querySelectorAll('[data-layer]')).toHaveLength(16);
  });

  it('takes 200 layers', async () => {
    await show({ architecture: longNetwork(200), epochs: [] });
    expect(page().querySelectorAll('[data-layer]')).toHaveLength(200);
  });

  it('leaves nothing running behind', async () => {
    await show();
    fixture.destroy();
    expect(diagram.disposed).toBe(true);
  });
});
