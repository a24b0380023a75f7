const OuterRealmEnvironment = require('../../tools/jest/outer-realm-environment.cjs');

/** Collects which functions are reached, and skips what is left of a spec once one of its tests has failed. */
module.exports = class ProbingEnvironment extends OuterRealmEnvironment {
  failed = false;

  constructor(config, context) {
    super(config, context);
    this.global.__reachedFunctions = globalThis.__reachedFunctions;
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.failed = true;
    if (name === 'test_start' && this.failed) test.mode = 'skip';
  }
};
