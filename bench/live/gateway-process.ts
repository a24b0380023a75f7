/** A real gateway in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../services/gateway/src/main.ts', import.meta.url));

export interface GatewayProcess {
  readonly url: string;
  /** A figure of its metrics; sums over labels, 0 where there is none. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startGatewayProcess(settings: Record<string, string>): Promise<GatewayProcess> {
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', ...settings };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let url = '';
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as { msg: string; address?: string };
    url = line.address ?? url;
    if (line.msg === 'ready') break;
  }
  // Nobody reads on, and a full pipe would block the process.
  child.stdout.resume();
  return {
    url,
    metric: async (name) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      );
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
