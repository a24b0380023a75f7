/**
 * A stand-in for a service in tests of the supervisor. Arguments: port, then any of
 *   stubborn  does not end on SIGTERM          parent   starts a child that does not end on SIGTERM
 *   broken    ends with status 1 at once       slow     ends 300 ms after SIGTERM
 * It writes the signals that it gets.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, ...traits] = process.argv.slice(2);
if (traits.includes('broken')) {
  console.error('there is something wrong here');
  process.exit(1);
}
if (traits.includes('parent')) {
  const script =
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child', process.pid)";
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit'] });
}
process.on('SIGTERM', () => {
  console.log('got SIGTERM');
  if (traits.includes('stubborn')) return;
  setTimeout(() => process.exit(0), traits.includes('slow') ? 300 : 0);
});
createServer((_, response) => response.end('ok')).listen(Number(port), '127.0.0.1', () =>
  console.log(JSON.stringify({ level: 'info', msg: 'listening', port: Number(port) })),
);
