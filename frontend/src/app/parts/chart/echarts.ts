/**
 * The parts of ECharts that the first charts of a study use; fetched with the first chart. Each by its own module: from
 * `echarts/charts` the build would put those of `further-echarts.ts` along.
 */
import 'echarts/lib/chart/bar.js';
import 'echarts/lib/chart/line.js';
import 'echarts/lib/chart/parallel.js';
import 'echarts/lib/chart/scatter.js';
import 'echarts/lib/component/aria.js';
import 'echarts/lib/component/grid.js';
import 'echarts/lib/component/legendPlain.js';
import 'echarts/lib/component/parallel.js';
import 'echarts/lib/component/title.js';
import 'echarts/lib/component/tooltip.js';
import 'echarts/lib/component/visualMapContinuous.js';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use(CanvasRenderer);

export { init } from 'echarts/core';
