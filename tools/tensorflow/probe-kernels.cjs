// Run in a child process of its own: loads TensorFlow's binding and the addon of this project's kernels into it, as
// training does, and prints the instruction sets that this processor has of the addon's. Its two arguments are their
// paths.
const [binding, kernels] = process.argv.slice(2);
require(binding);
console.log(JSON.stringify(require(kernels).instructionSets));
