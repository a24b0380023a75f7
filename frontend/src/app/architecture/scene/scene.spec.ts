import { describe, expect, it } from '@jest/globals';
import { Mesh, Raycaster, Vector3, type MeshLambertMaterial } from 'three';
import { lightTheme } from '@onegin/charts';
import { VIRIDIS } from '@onegin/contracts';
import { longNetwork } from '../testing/made-up-networks.ts';
import { cnnArchitecture, cnnEpochs } from '../testing/trained-networks.ts';
import { epochsFromLog } from '../model/layer-signals.ts';
import { paintsOf, type ColorMode } from '../model/paint.ts';
import { blocksOf } from './blocks.ts';
import { NetworkScene } from './network-scene.ts';
import { placeLabels } from './place-labels.ts';

const epoch = epochsFromLog(cnnEpochs).at(-1);
const blocks = (mode: ColorMode = 'health', network = cnnArchitecture) =>
  blocksOf(network, {
    mode,
    theme: lightTheme,
    paints: paintsOf(network, { mode, theme: lightTheme, epoch }),
  });
const unmarked = { chosen: null, pointed: null, pass: new Map() };

describe('4.5: blocks', () => {
  it("have the sizes of their tensors and stand in the network's order without touching", () => {
    const all = blocks();
    const conv = all.find(({ id }) => id === 'conv_1')!;
    const pooled = all.find(({ id }) => id === 'max_pooling_1')!;
    expect(conv.size.y).toBeGreaterThan(pooled.size.y);
    expect(conv.size.x).toBeGreaterThan(pooled.size.x);
    all.slice(1).forEach(({ at, size }, i) => {
      const before = all[i]!;
      expect(at.x - size.x / 2).toBeGreaterThan(before.at.x + before.size.x / 2);
    });
  });

  it('are coloured by health; those without one step back', () => {
    const all = new Map(blocks().map((block) => [block.id, block]));
    expect(all.get('conv_1')).toMatchObject({ color: VIRIDIS.at(-1), word: 'healthy' });
    expect(all.get('flatten')!.opacity).toBeLessThan(all.get('conv_1')!.opacity);
  });
});

describe('the scene', () => {
  const meshes = (scene: NetworkScene) => scene.scene.children.filter((child) => child instanceof Mesh);

  it('holds a block per layer, can be repainted, and leaves nothing behind', () => {
    const scene = new NetworkScene();
    scene.show(blocks('kind'), lightTheme);
    expect(meshes(scene)).toHaveLength(cnnArchitecture.layers.length);
    scene.paint(blocks('health'), lightTheme, {
      chosen: 'conv_1',
      pointed: null,
      pass: new Map([['input', 'ahead']]),
    });
    const material = (id: string) =>
      (scene.scene.getObjectByName(id) as Mesh).material as MeshLambertMaterial;
    expect(`#${material('conv_1').color.getHexString()}`).toBe(VIRIDIS.at(-1));
    expect(material('conv_1').opacity).toBe(1);
    expect(material('input').opacity).toBe(0.25);
    scene.show(blocks('health', longNetwork(200)), lightTheme);
    expect(meshes(scene)).toHaveLength(200);
    scene.clear();
    expect(meshes(scene)).toHaveLength(0);
  });

  it('is picked by a ray: the nearest block, or none', () => {
    const scene = new NetworkScene();
    const all = blocks();
    scene.show(all, lightTheme);
    scene.paint(all, lightTheme, unmarked);
    scene.scene.updateMatrixWorld(true);
    const dense = all.find(({ id }) => id === 'dense_1')!;
    const towards = (x: number) => new Raycaster(new Vector3(x, 0, 50), new Vector3(0, 0, -1));
    expect(scene.pick(towards(dense.at.x))).toBe('dense_1');
    expect(scene.pick(towards(1000))).toBeNull();
    const along = new Raycaster(new Vector3(-1000, 0, 0), new Vector3(1, 0, 0));
    expect(scene.pick(along)).toBe('input');
  });
});

describe('labels', () => {
  const wish = (id: string, x: number, weight: number) => ({ id, x, y: 50, width: 40, height: 20, weight });
  const picture = { width: 200, height: 100 };

  it('never cover each other: the weightier stands at its block, the other above it', () => {
    const placed = placeLabels([wish('a', 60, 1), wish('b', 80, 2), wish('c', 150, 1)], picture);
    expect(placed.get('b')).toEqual({ x: 60, y: 30, lift: 0 });
    expect(placed.get('c')?.lift).toBe(0);
    expect(placed.get('a')).toEqual({ x: 40, y: 6, lift: 24 });
  });

  it('are moved into the picture at its sides', () => {
    expect(placeLabels([wish('a', 5, 1)], picture).get('a')?.x).toBeGreaterThanOrEqual(0);
  });

  it('are left out where there is no room, or where their block is out of sight', () => {
    const many = Array.from({ length: 9 }, (_, i) => wish(`${i}`, 60, i));
    expect(placeLabels(many, picture).size).toBe(2);
    expect(placeLabels([wish('a', -5, 1), wish('b', 205, 1)], picture).size).toBe(0);
  });
});
