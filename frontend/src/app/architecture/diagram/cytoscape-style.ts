/** How the diagram looks, from the theme that charts have too. */
import type { NodeSingular, StylesheetJson } from 'cytoscape';
import type { ChartTheme } from '@onegin/charts';
import type { ColorMode } from '../model/paint.ts';
import { FONT_SIZE, SHAPE_FONT_SIZE } from './diagram-layout.ts';

/** The UI's own face; Cytoscape takes no single quotes. */
const FACE = '"IBM Plex Sans Variable", "IBM Plex Sans", system-ui, sans-serif';

export function cytoscapeStyle(
  theme: ChartTheme,
  mode: ColorMode,
  direction: 'right' | 'down',
): StylesheetJson {
  return [...nodeStyle(theme, mode), ...edgeStyle(theme, direction), ...markStyle(theme)];
}

function nodeStyle(theme: ChartTheme, mode: ColorMode): StylesheetJson {
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle',
        'corner-radius': '4px',
        width: 'data(width)',
        height: 'data(height)',
        label: 'data(label)',
        color: theme.text,
        'background-color': theme.background,
        'border-width': 1,
        'border-color': theme.rule,
        'font-family': FACE,
        'font-size': FONT_SIZE,
        'line-height': 1.35,
        'text-wrap': 'wrap',
        'text-max-width': '400px',
        'text-valign': 'center',
        'text-halign': 'center',
      },
    },
    {
      // By kind a bar at the left carries the colour, so that the text keeps its contrast.
      selector: 'node[fill != ""]',
      style:
        mode === 'kind'
          ? {
              'background-fill': 'linear-gradient',
              'background-gradient-direction': 'to-right',
              'background-gradient-stop-colors': (node: NodeSingular) =>
                [node.data('fill'), node.data('fill'), theme.background, theme.background].join(' '),
              'background-gradient-stop-positions': '0 4 4 100',
            }
          : { 'background-color': 'data(fill)', 'border-color': 'data(fill)', color: 'data(ink)' },
    },
    {
      selector: 'node[fill = ""]',
      style: { 'border-style': 'dashed', color: theme.muted },
    },
  ] as StylesheetJson;
}

function edgeStyle(theme: ChartTheme, direction: 'right' | 'down'): StylesheetJson {
  return [
    {
      selector: 'edge',
      style: {
        'curve-style': 'straight',
        width: 1.5,
        'line-color': theme.muted,
        'target-arrow-color': theme.muted,
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.8,
        'source-endpoint': 'data(sourceEndpoint)',
        'target-endpoint': 'data(targetEndpoint)',
        label: 'data(tensorShape)',
        color: theme.muted,
        'font-family': FACE,
        'font-size': SHAPE_FONT_SIZE,
        'text-background-color': theme.background,
        'text-background-opacity': 1,
        'text-background-padding': '2px',
        // Over an arrow to the right, on one downwards.
        'text-margin-y': direction === 'right' ? -10 : 0,
        'min-zoomed-font-size': 5,
      },
    },
    {
      selector: 'edge.bent',
      style: {
        'curve-style': 'round-segments',
        'segment-weights': 'data(weights)',
        'segment-distances': 'data(distances)',
        'edge-distances': 'endpoints',
        'segment-radii': 6,
      },
    },
  ] as StylesheetJson;
}

function markStyle(theme: ChartTheme): StylesheetJson {
  return [
    // A layer that is pointed at or chosen, with what it is given by and what it gives to.
    { selector: 'node.near', style: { 'border-color': theme.text, 'border-style': 'solid' } },
    {
      selector: 'edge.near',
      style: { width: 2.5, 'line-color': theme.text, 'target-arrow-color': theme.text, color: theme.text },
    },
    { selector: 'node.pointed', style: { 'border-width': 3, 'border-color': theme.text } },
    { selector: 'node.ahead', style: { opacity: 0.45 } },
    { selector: 'edge.ahead', style: { opacity: 0.35 } },
    { selector: 'edge.passed', style: { 'line-color': theme.text, 'target-arrow-color': theme.text } },
    {
      selector: 'node.active',
      style: { 'border-width': 3, 'border-color': theme.text, 'border-style': 'solid' },
    },
    {
      selector: 'edge.active',
      style: { width: 4, 'line-color': theme.text, 'target-arrow-color': theme.text, color: theme.text },
    },
    {
      // The gradient comes back along the arrow.
      selector: 'edge.backward',
      style: {
        'source-arrow-shape': 'triangle',
        'source-arrow-color': theme.text,
        'target-arrow-shape': 'none',
        'line-style': 'dashed',
      },
    },
    {
      selector: 'node.chosen',
      style: {
        'border-width': 3,
        'border-color': theme.accent,
        'border-style': 'solid',
        'outline-width': 2,
        'outline-color': theme.background,
      },
    },
  ] as StylesheetJson;
}
