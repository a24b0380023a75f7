/** The plotter's settings; nothing else in it reads the environment. */
import { artifactSettings, commonSettings, healthSettings, loadConfig, setting } from '@onegin/service-kit';
import type { ConfigOf, Environment } from '@onegin/service-kit';

export const plotterSettings = {
  ...commonSettings,
  ...healthSettings,
  ...artifactSettings,
  theme: setting.choice('PLOTTER_THEME', 'Colors of the stored charts.', ['light', 'dark'], {
    default: 'light',
  }),
  lockMs: setting.duration(
    'PLOTTER_LOCK',
    'How long a plotter may stop responding before its task goes to another.',
    { default: '30s' },
  ),
  chartTimeoutMs: setting.duration(
    'PLOTTER_CHART_TIMEOUT',
    'A chart that takes longer to draw is given up.',
    {
      default: '60s',
    },
  ),
  storeAttempts: setting.integer(
    'PLOTTER_STORE_ATTEMPTS',
    'How often reading or storing an artifact is tried while the store cannot be reached.',
    { min: 1, max: 100, default: '6' },
  ),
  childCharts: setting.integer(
    'PLOTTER_CHILD_CHARTS',
    'Charts after which the drawing process is replaced.',
    { min: 1, max: 1_000_000, default: '2000' },
  ),
  childMemoryMb: setting.integer(
    'PLOTTER_CHILD_MEMORY_MB',
    'The drawing process is replaced when it holds more memory than this after a chart.',
    { min: 64, max: 1_000_000, default: '1024' },
  ),
};

export type PlotterConfig = ConfigOf<typeof plotterSettings>;

/** @throws OneginError `config-invalid` naming every wrong variable */
export const plotterConfig = (environment: Environment = process.env): PlotterConfig =>
  loadConfig(plotterSettings, environment);
