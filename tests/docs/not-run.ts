/** Blocks that no test of the documents runs, with the reason. A block is called `file:heading:first line`. */
const drawing = 'a drawing';
const cluster =
  'needs a cluster; npm run test:cluster installs and upgrades the chart on a real API server, without nodes';
const tensorboard =
  'installs TensorBoard from PyPI; npm run verify:tensorboard has its readers read our files, and tensorboard.spec.ts of packages/cli runs the command with a stand-in';

export const notRun: Readonly<Record<string, string>> = {
  'README.md:Two commands:npm start     # installs everything, starts everything, prints the address':
    'sets up a clone; tests/integration/npm-start.spec.ts runs npm start, and npm test is what runs this',
  'README.md:A first study:import keras':
    'needs Keras, 700 MB; npm run verify:keras loads and runs models with it',
  'README.md:How it works:flowchart LR': drawing,
  'CONTRIBUTING.md:Setting up:npm run setup                # what `npm start` and `npm test` do first':
    'npm test does both before it comes here',
  'CONTRIBUTING.md:Releases:npm run release -- minor     # or major, patch, or the version itself':
    'commits and pushes; release.spec.ts of tools releases a copy',
  'docs/data-flow.md:The way of a request:CLI · curl · program': drawing,
  'docs/datasets.md:Getting one:npx onegin datasets fetch cifar-10':
    'downloads 170 MB; files.spec.ts of packages/datasets downloads from a server of its own, and fetches a bundled dataset',
  'docs/datasets.md:Your own data:own/flowers/daisy/1.jpg  own/flowers/tulip/a.png        one folder of images per class':
    'names of files; own-dataset.spec.ts of packages/datasets reads images per class, CSV, JSONL and dataset.json',
  'docs/decisions/0017-no-onnx.md:0017 No ONNX file:model = keras.models.load_model("model.keras")':
    'needs Keras with tf2onnx, 1 GB; a record of what was tried',
  'docs/kubernetes.md:On Kubernetes:Ingress or HTTPRoute': drawing,
  'docs/kubernetes.md:From an empty cluster to a running study:registry=registry.example.org/team':
    'needs a container engine and a registry; npm run test:images builds the images',
  'docs/kubernetes.md:From an empty cluster to a running study:kubectl create namespace onegin': cluster,
  "docs/kubernetes.md:From an empty cluster to a running study:export ONEGIN_KEY=$(kubectl -n onegin get secret onegin-auth -o jsonpath='{.data.admin-key}' | base64 -d)":
    cluster,
  'docs/kubernetes.md:Watching it:key=$(onegin keys create --name prometheus --scope read)': cluster,
  'docs/kubernetes.md:TensorBoard:kubectl -n onegin port-forward service/onegin-tensorboard 6006:80     # then http://127.0.0.1:6006':
    cluster,
  'docs/monitoring.md:One machine:cd monitoring && prometheus --config.file=prometheus.yml --storage.tsdb.path=/tmp/onegin-prometheus':
    'a server that does not end; tests/integration/observed.spec.ts starts Prometheus with this configuration, at shorter intervals',
  'docs/monitoring.md:TensorBoard:pip install tensorboard': tensorboard,
  'docs/monitoring.md:TensorBoard:pip install tensorboard boto3': tensorboard,
  'docs/operations.md:Trying it out:npm run chaos -- --minutes 10              # one seed, ten minutes of faults':
    'takes ten minutes; tests/integration/chaos.spec.ts inflicts each kind of fault once',
  "docs/security.md:What is protected from whom:other sites' pages ─┐": drawing,
};
