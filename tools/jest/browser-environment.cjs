// jsdom for specs of the web UI, with what every browser has and jsdom leaves out.
const base = require('jest-preset-angular/environments/jest-jsdom-env');
const JsdomEnvironment = base.default ?? base;

module.exports = class BrowserEnvironment extends JsdomEnvironment {
  async setup() {
    await super.setup();
    // Through JSON, so that what comes out belongs to the page's realm, as in a browser. Enough for plain data.
    this.global.structuredClone ??= (value) => this.global.JSON.parse(JSON.stringify(value));
  }
};
