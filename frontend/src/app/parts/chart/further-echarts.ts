/** The parts of ECharts that only some charts use (`needsFurtherParts`); fetched with the first of these. */
import 'echarts/lib/chart/custom.js';
import 'echarts/lib/chart/heatmap.js';
import 'echarts/lib/chart/radar.js';
import 'echarts/lib/component/markLine.js';
import 'echarts/lib/component/markPoint.js';
import 'echarts/lib/component/radar.js';
import { use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';

use(LabelLayout);
