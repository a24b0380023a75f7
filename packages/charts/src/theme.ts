/**
 * Every colour and face of a chart. Chart builders name a role (`muted`, `accent`, `states.pruned`) and never a
 * colour; a page may build its own theme from CSS custom properties, these two are the defaults.
 */
import { VIRIDIS, type TrainingStatus } from '@onegin/contracts';

/** How a trial's state is drawn: a colour and a shape, so that neither has to be told apart alone. */
export interface StateMark {
  readonly color: string;
  /** An ECharts symbol. */
  readonly symbol: string;
  readonly word: string;
}

export interface ChartTheme {
  readonly name: string;
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  /** Axis lines and borders. */
  readonly rule: string;
  /** Split lines. */
  readonly grid: string;
  /** Action, and the best trial. */
  readonly accent: string;
  /** Told apart by eyes of every kind; the first two are training and validation. */
  readonly series: readonly string[];
  readonly states: Readonly<Record<TrainingStatus, StateMark>>;
  /** Health and performance from worst to best: even steps to the eye, the same everywhere. */
  readonly scale: readonly string[];
  /** From early to late (epochs, trials): one hue, growing stronger. */
  readonly recency: readonly string[];
  /** Text on a cell of the scale: on its dark half, on its light half. */
  readonly onScale: readonly [string, string];
  readonly fontFamily: string;
}

// Equally wide figures are this face's default, so numbers line up on a canvas too.
const FONTS = "'IBM Plex Sans', system-ui, sans-serif";
const CROSS = 'path://M2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5L0,2Z';

const states = (c: Record<'idle' | 'busy' | 'wait' | 'pruned' | 'good' | 'bad', string>) => ({
  queued: { color: c.idle, symbol: 'emptyCircle', word: 'queued' },
  running: { color: c.busy, symbol: 'triangle', word: 'running' },
  paused: { color: c.wait, symbol: 'rect', word: 'paused' },
  failing: { color: c.bad, symbol: 'emptyTriangle', word: 'failing' },
  pruned: { color: c.pruned, symbol: 'diamond', word: 'pruned' },
  completed: { color: c.good, symbol: 'circle', word: 'completed' },
  failed: { color: c.bad, symbol: CROSS, word: 'failed' },
  cancelled: { color: c.idle, symbol: 'emptyRect', word: 'cancelled' },
});

export const lightTheme: ChartTheme = {
  name: 'light',
  background: '#ffffff',
  text: '#1b2026',
  muted: '#5a6470',
  rule: '#c4cad2',
  grid: '#eceff2',
  accent: '#c2410c',
  series: ['#6b8fb3', '#005a9c', '#00805d', '#a8477f', '#5a5fc4', '#8a6d00', '#4d5660', '#0f7c8a'],
  states: states({
    idle: '#8a939e',
    busy: '#005a9c',
    wait: '#7d7a00',
    pruned: '#8d6ba8',
    good: '#1d7d78',
    bad: '#b3261e',
  }),
  scale: VIRIDIS,
  recency: ['#c9d6e3', '#6f9cc4', '#00457a'],
  onScale: ['#ffffff', '#1b2026'],
  fontFamily: FONTS,
};

export const darkTheme: ChartTheme = {
  name: 'dark',
  background: '#121519',
  text: '#e8ebef',
  muted: '#9aa5b1',
  rule: '#3d4650',
  grid: '#22282f',
  accent: '#ff9d5c',
  series: ['#7f97ae', '#63b8f2', '#2fc49a', '#e29ac4', '#a3a7f7', '#d9c74e', '#b3bcc7', '#5ed3e0'],
  states: states({
    idle: '#7b8590',
    busy: '#63b8f2',
    wait: '#cfc24a',
    pruned: '#b79ad0',
    good: '#45b5ae',
    bad: '#ff8a80',
  }),
  scale: VIRIDIS,
  recency: ['#2b3947', '#4a7da8', '#a5d6fb'],
  onScale: ['#ffffff', '#1b2026'],
  fontFamily: FONTS,
};
