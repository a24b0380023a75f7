// The import directions of docs/data-flow.md, as rules. A package may import only what stands to its left.
const from = (layer, allowed, comment) => ({
  name: `${layer.replace(/[\\/^]/g, ' ').trim()}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: '\\.spec\\.ts$|/testing/' },
  to: { path: '^(packages|services|frontend)/', pathNot: `^(${[layer, ...allowed].join('|')})/` },
});
const p = (...names) => names.map((n) => `packages/${n}`);

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    from('packages/contracts', [], 'contracts stand alone'),
    from('packages/search', p('contracts')),
    from('packages/charts', p('contracts', 'search')),
    from('packages/artifacts', p('contracts')),
    from('packages/datasets', p('contracts', 'artifacts')),
    from('packages/training', p('contracts', 'datasets')),
    from('packages/study', p('contracts', 'search')),
    from('packages/service-kit', p('contracts')),
    from('packages/simulation', p('contracts', 'search', 'service-kit'), 'for tests and benches only'),
    from(
      'packages/cli',
      p('contracts', 'service-kit', 'search', 'study', 'datasets', 'training', 'artifacts', 'charts'),
    ),
    // The gateway plans networks to draw; it must not load an engine.
    from(
      'services/gateway',
      p('contracts', 'service-kit', 'artifacts', 'datasets', 'search', 'study', 'training/src/network'),
    ),
    {
      name: 'composition-root',
      comment:
        'the parts of the gateway are given what they need; only gateway.ts and main.ts put them together',
      severity: 'error',
      from: { path: '^services/gateway/src/[^/]+/', pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^services/gateway/src/(gateway|app|main)\\.ts$' },
    },
    from('services/orchestrator', p('contracts', 'service-kit', 'artifacts', 'search', 'study')),
    from('services/trainer', p('contracts', 'service-kit', 'artifacts', 'datasets', 'training')),
    from('services/plotter', p('contracts', 'service-kit', 'artifacts', 'charts')),
    from('frontend', p('contracts', 'charts'), 'the browser: no server, no training'),
    {
      name: 'search-is-pure',
      comment: 'packages/search runs anywhere: no Node API, no server library',
      severity: 'error',
      from: {
        path: '^packages/(search|charts|contracts|study)/src',
        pathNot: '\\.spec\\.ts$|/testing/|run-in-process',
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
