/** A view for specs. */
import type { ChartView } from '../chart-view.ts';
import { lightTheme } from '../theme.ts';

export const testView: ChartView = { theme: lightTheme, width: 960, height: 540, heading: true };
