/** The parts of ECharts that only some charts use (`needsFurtherParts`); fetched with the first of these. */
import { BarChart, CustomChart, HeatmapChart, RadarChart } from 'echarts/charts';
import { MarkLineComponent, MarkPointComponent, RadarComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';

use([
  BarChart,
  CustomChart,
  HeatmapChart,
  RadarChart,
  MarkLineComponent,
  MarkPointComponent,
  RadarComponent,
  LabelLayout,
]);
