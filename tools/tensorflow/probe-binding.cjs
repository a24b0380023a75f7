// Run in a child process of its own: loads @tensorflow/tfjs-node, multiplies two matrices natively and
// prints what answered as JSON. A binding that cannot be loaded may end the whole process, so nothing else
// runs here.
const util = require('node:util');
const { createRequire } = require('node:module');
// tfjs-node 4 calls two helpers that Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const tf = createRequire(process.argv[2])('@tensorflow/tfjs-node');
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync();
if (tf.getBackend() !== 'tensorflow' || product.join() !== '19,22,43,50') {
  throw new Error(`backend ${tf.getBackend()} multiplied to ${product.join()}, expected 19,22,43,50`);
}
console.log(
  JSON.stringify({ tensorflow: tf.backend().binding.TF_Version ?? 'unknown', node: process.version }),
);
