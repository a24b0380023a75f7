/** The architecture explorer from outside: what Cytoscape has drawn, what a picture shows, networks that nobody trained. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Architecture } from '@onegin/contracts';
import type { Page } from 'playwright-core';
import { PATIENCE_MS } from './browser.ts';

export interface DrawnElement {
  readonly id: string;
  readonly classes: readonly string[];
  /** A layer's name and what its colour says; an arrow's tensor shape. */
  readonly label: string;
  /** CSS colour of a layer's ground. */
  readonly fill: string;
  /** Middle, in pixels of the page. */
  readonly at: { readonly x: number; readonly y: number };
}

export interface DrawnDiagram {
  readonly zoom: number;
  readonly layers: readonly DrawnElement[];
  readonly arrows: readonly DrawnElement[];
}

// Cytoscape leaves itself on the element it draws in.
const READ_DIAGRAM = `(() => {
  const host = document.querySelector('on-network-diagram .canvas');
  const cy = host?._cyreg?.cy;
  if (!cy) return null;
  const { left, top } = host.getBoundingClientRect();
  const read = (element, at) => ({
    id: element.id(),
    classes: element.classes(),
    label: element.style('label'),
    fill: element.isNode() ? element.style('background-color') : '',
    at: { x: left + at.x, y: top + at.y },
  });
  return {
    zoom: cy.zoom(),
    layers: cy.nodes().map((node) => read(node, node.renderedPosition())),
    arrows: cy.edges().map((edge) => read(edge, edge.renderedMidpoint())),
  };
})()`;

/** What stands on the screen now; null before the diagram is there. */
export const drawnDiagram = (page: Page): Promise<DrawnDiagram | null> => page.evaluate(READ_DIAGRAM);

/** Waits until the diagram is as described. The page's own policy forbids the usual ways to wait inside of it. */
export async function untilDrawn(
  page: Page,
  what: string,
  holds: (diagram: DrawnDiagram) => boolean,
): Promise<DrawnDiagram> {
  let last: DrawnDiagram | null = null;
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(50)) {
    last = await drawnDiagram(page);
    if (last && last.layers.length > 0 && holds(last)) return last;
  }
  throw new Error(`expected ${what}, found ${JSON.stringify(last)}`);
}

/** The layer or arrow of this id. */
export function drawn({ layers, arrows }: DrawnDiagram, id: string): DrawnElement {
  const found = [...layers, ...arrows].find((element) => element.id === id);
  if (!found) throw new Error(`expected ${id} among ${layers.map((layer) => layer.id).join(', ')}`);
  return found;
}

/** Ids with this class, in the order of the network. */
export const withClass = (elements: readonly DrawnElement[], name: string): string[] =>
  elements.filter(({ classes }) => classes.includes(name)).map(({ id }) => id);

/** Runs a click that saves a file, and reads the file. */
export async function savedFile(
  page: Page,
  click: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** Share of the pixels that are not as the one in the corner. */
  readonly drawn: number;
  /** How many colours there are, of 4096. */
  readonly colors: number;
}

/** Decodes a PNG in the browser. @param page an empty one: it has no policy against it */
export const pictureFacts = (page: Page, png: Buffer): Promise<PictureFacts> =>
  page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (c) => c.charCodeAt(0));
    const { width, height } = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const colors = new Set();
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] !== data[0] || data[i + 1] !== data[1] || data[i + 2] !== data[2]) drawn++;
      colors.add(((data[i] >> 4) << 8) | ((data[i + 1] >> 4) << 4) | (data[i + 2] >> 4));
    }
    return { width, height, drawn: drawn / (width * height), colors: colors.size };
  })()`);

/** A network whose middle is one of its convolutions again and again, until it has this many layers. */
export function longNetwork(network: Architecture, length: number): Architecture {
  const sample = network.layers.find(({ type }) => type === 'conv2d');
  const [input] = network.layers;
  if (!sample || !input) throw new Error('expected a network with a convolution');
  const shape = sample.outputShape.join(' × ');
  const layers = Array.from({ length }, (_, i) => ({
    ...(i === 0 ? input : sample),
    id: `layer_${i}`,
    label: i === 0 ? input.label : `Convolution ${i}`,
    zPosition: 2 * i,
  }));
  return {
    ...network,
    layers,
    totals: { ...network.totals, layers: length },
    cytoscape: {
      nodes: layers.map(({ id, label, type, parameters, outputShape }) => ({
        data: { id, label, type, parameters, outputShape },
      })),
      edges: layers.slice(1).map(({ id }, i) => ({
        data: { id: `layer_${i}→${id}`, source: `layer_${i}`, target: id, tensorShape: shape },
      })),
    },
  };
}
