/** How each layer is painted: by its kind, its health, the accuracy of the epoch, or where the parameters are. */
import { rampColor, type Architecture, type ArchitectureLayer } from '@onegin/contracts';
import type { ChartTheme } from '@onegin/charts';
import { LAYER_KINDS } from './layer-kinds.ts';
import type { EpochOfLayers } from './layer-signals.ts';
import { healthWord, parametersWords, percent } from './layer-words.ts';

export const COLOR_MODES = ['kind', 'health', 'performance', 'parameters'] as const;
export type ColorMode = (typeof COLOR_MODES)[number];

export const COLOR_MODE_WORDS: Readonly<Record<ColorMode, string>> = {
  kind: 'Kind of layer',
  health: 'Health',
  performance: 'Accuracy',
  parameters: 'Parameters',
};

export interface LayerPaint {
  /** CSS hex colour; null where there is nothing to colour by. */
  readonly fill: string | null;
  /** For text on the fill. */
  readonly ink: string;
  /** What the colour says, in words: colour never speaks alone. */
  readonly word: string;
}

/** The colours of a whole picture. */
export interface Look {
  readonly paints: ReadonlyMap<string, LayerPaint>;
  readonly theme: ChartTheme;
  readonly mode: ColorMode;
}

export interface PaintInput {
  readonly mode: ColorMode;
  readonly theme: ChartTheme;
  /** Absent before the first epoch. */
  readonly epoch: EpochOfLayers | undefined;
}

export function paintOf(layer: ArchitectureLayer, input: PaintInput): LayerPaint {
  const { mode, theme, epoch } = input;
  switch (mode) {
    case 'kind':
      return {
        fill: LAYER_KINDS[layer.type].color(theme),
        ink: theme.text,
        word: parametersWords(layer.parameters),
      };
    case 'health': {
      const health = epoch?.health.get(layer.id);
      return onScale(health?.score ?? null, theme, healthWord(health, epoch?.layers.get(layer.id)));
    }
    case 'performance': {
      const accuracy = epoch?.validationAccuracy ?? null;
      return onScale(
        accuracy,
        theme,
        accuracy === null ? 'no accuracy yet' : `accuracy ${percent(accuracy)}`,
      );
    }
    case 'parameters':
      return onScale(
        layer.parameters === 0 ? null : layer.colorIntensity,
        theme,
        parametersWords(layer.parameters),
      );
  }
}

export const paintsOf = ({ layers }: Architecture, input: PaintInput): Map<string, LayerPaint> =>
  new Map(layers.map((layer) => [layer.id, paintOf(layer, input)]));

function onScale(share: number | null, theme: ChartTheme, word: string): LayerPaint {
  if (share === null) return { fill: null, ink: theme.muted, word };
  const fill = rampColor(theme.scale, share);
  return { fill, ink: inkOn(fill, theme), word };
}

/** The one of the theme's two inks that stands out more. */
function inkOn(fill: string, { onScale: [light, dark] }: ChartTheme): string {
  const at = luminance(fill);
  return contrast(luminance(light), at) >= contrast(luminance(dark), at) ? light : dark;
}

/** WCAG 2: relative luminance and contrast. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const channel = parseInt(hex.slice(i, i + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
