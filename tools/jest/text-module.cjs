// An SVG or HTML file as an ES module whose default is the file's text, as the build of the web UI has it.
module.exports = {
  process: (text) => ({ code: `export default ${JSON.stringify(text)};` }),
  getCacheKey: (text) => `text-module 1 ${text.length} ${text}`,
};
