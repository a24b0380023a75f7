import { describe, expect, it } from '@jest/globals';
import ELK from 'elkjs/lib/elk.bundled.js';
import { lightTheme } from '@onegin/charts';
import { longNetwork, MARKUP } from '../testing/made-up-networks.ts';
import { cnnArchitecture, lstmArchitecture } from '../testing/trained-networks.ts';
import { paintsOf } from '../model/paint.ts';
import { diagramSvg } from '../export/diagram-svg.ts';
import { cytoscapeElements } from './cytoscape-elements.ts';
import { layoutDiagram, LEAST_READABLE, titleOf, type DiagramLayout } from './diagram-layout.ts';

const engine = new ELK();
const wide = { direction: 'right', aspectRatio: 2, width: 960 } as const;
const narrow = { direction: 'down', aspectRatio: 0.6, width: 340 } as const;

function overlaps({ nodes }: DiagramLayout): number {
  let found = 0;
  for (const [i, a] of nodes.entries())
    for (const b of nodes.slice(i + 1))
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) found++;
  return found;
}

describe('4.5: the layout', () => {
  it.each([
    ['CNN', cnnArchitecture],
    ['LSTM', lstmArchitecture],
  ])('of a trained %s runs left to right in rows, with every layer and every shape', async (_, network) => {
    const layout = await layoutDiagram(network, wide, engine);
    expect(layout.nodes.map(({ id }) => id)).toEqual(network.layers.map(({ id }) => id));
    expect(layout.edges.map(({ tensorShape }) => tensorShape)).toEqual(
      network.cytoscape.edges.map(({ data }) => data.tensorShape),
    );
    expect(overlaps(layout)).toBe(0);
    layout.nodes.slice(1).forEach((node, i) => {
      const before = layout.nodes[i]!;
      // To the right of the one before, or at the beginning of a lower row.
      expect(node.x > before.x + before.width || node.y > before.y + before.height).toBe(true);
    });
    expect(layout.width / layout.height).toBeGreaterThan(1);
  });

  it('runs from top to bottom in one column on a phone', async () => {
    const layout = await layoutDiagram(cnnArchitecture, narrow, engine);
    expect(new Set(layout.nodes.map(({ x }) => Math.round(x))).size).toBe(1);
    layout.nodes.slice(1).forEach(({ y }, i) => expect(y).toBeGreaterThan(layout.nodes[i]!.y));
    expect(layout.width).toBeLessThan(340);
  });

  it('of 200 layers has rows that can be read over the width of the room', async () => {
    const layout = await layoutDiagram(longNetwork(200), wide, engine);
    expect(layout.nodes).toHaveLength(200);
    expect(layout.edges).toHaveLength(199);
    expect(overlaps(layout)).toBe(0);
    expect(layout.width * LEAST_READABLE).toBeLessThanOrEqual(wide.width);
    expect(layout.width * LEAST_READABLE).toBeGreaterThan(wide.width / 2);
  });

  it('of one layer, and of none, is a layout too', async () => {
    expect((await layoutDiagram(longNetwork(1), wide, engine)).nodes).toHaveLength(1);
    expect((await layoutDiagram(longNetwork(0), wide, engine)).nodes).toEqual([]);
  });

  it('cuts a title that would burst the diagram', () => {
    expect(titleOf('x'.repeat(300))).toHaveLength(28);
    expect(titleOf('Dense 10')).toBe('Dense 10');
  });
});

describe('the elements of Cytoscape', () => {
  it('stand where ELK placed them; arrows to a new row are bent', async () => {
    const layout = await layoutDiagram(cnnArchitecture, wide, engine);
    const elements = cytoscapeElements(layout);
    const [first] = layout.nodes;
    expect(elements.find(({ data }) => data.id === 'input')?.position).toEqual({
      x: first!.x + first!.width / 2,
      y: first!.y + first!.height / 2,
    });
    const rows = new Set(layout.nodes.map(({ y }) => Math.round(y))).size;
    expect(elements.filter(({ classes }) => classes === 'bent')).toHaveLength(rows - 1);
    const bent = elements.find(({ classes }) => classes === 'bent');
    expect(String(bent?.data['weights']).split(' ')).toHaveLength(4);
  });
});

describe('4.5: the SVG', () => {
  const picture = async (network = cnnArchitecture, mode: 'kind' | 'health' = 'kind') => ({
    architecture: network,
    layout: await layoutDiagram(network, wide, engine),
    paints: paintsOf(network, { mode, theme: lightTheme, epoch: undefined }),
    mode,
    theme: lightTheme,
    title: 'trial 7',
  });
  const parse = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml');

  it('is a drawing in vectors with every layer, shape and kind as text', async () => {
    const svg = parse(diagramSvg(await picture()));
    expect(svg.querySelector('parsererror')).toBeNull();
    expect(svg.querySelector('image, foreignObject, script')).toBeNull();
    const texts = [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const { label } of cnnArchitecture.layers) expect(texts).toContain(titleOf(label));
    for (const { data } of cnnArchitecture.cytoscape.edges) expect(texts).toContain(data.tensorShape);
    expect(texts).toEqual(expect.arrayContaining(['Convolution (2)', 'Flatten (1)', 'trial 7']));
    expect(texts.join()).not.toContain('LSTM');
  });

  it('shows markup in a name as text', async () => {
    const network = longNetwork(3, () => MARKUP);
    const svg = parse(diagramSvg({ ...(await picture(network)), title: `${MARKUP}\u0000` }));
    expect(svg.querySelector('parsererror')).toBeNull();
    expect(svg.querySelector('img, b')).toBeNull();
    expect(svg.querySelector('title')?.textContent).toBe(MARKUP);
  });
});
