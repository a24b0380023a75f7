const OuterRealmEnvironment = require('../../tools/jest/outer-realm-environment.cjs');

module.exports = class ProbingEnvironment extends OuterRealmEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.__reachedFunctions = globalThis.__reachedFunctions;
  }
};
