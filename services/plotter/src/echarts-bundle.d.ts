/** The bundled file of ECharts, which comes without types of its own. */
declare module 'echarts/dist/echarts.esm.min' {
  export * from 'echarts';
}
