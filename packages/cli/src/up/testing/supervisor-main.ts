/** A supervisor in a process of its own, for tests that kill it. Arguments: data folder, gateway's port. */
import { startStack } from '../start-stack.ts';
import { fakeServices } from './fake-services.ts';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const stack = await startStack({
  port: Number(port),
  dataDir,
  trainers: 1,
  log: (name, line) => console.log(`${name}: ${line}`),
  env: process.env,
  services: (gatewayPort) =>
    fakeServices(gatewayPort, { 'trainer-1': ['parent', 'stubborn'], plotter: ['slow'] }),
});
const pids = Object.fromEntries([...stack.children].map(([name, child]) => [name, child.pid]));
console.log(`PIDS ${JSON.stringify(pids)}`);
