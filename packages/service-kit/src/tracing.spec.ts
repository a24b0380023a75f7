import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { tracing } from './tracing.ts';

/** Starts tracing in a process of its own and tells which modules of OpenTelemetry's SDK were loaded. */
function modulesLoaded(endpoint: string): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => {
      const [, name] = /node_modules\\/(@opentelemetry\\/(?!api\\/)[^/]+|bullmq-otel)\\//.exec(url) ?? [];
      if (name) loaded.push(name);
      return next(url, context);
    } });
    const kit = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    const traces = await kit.startTracing('spec', ${endpoint});
    await traces.within('work', {}, async () => undefined);
    console.log(JSON.stringify([...new Set(loaded)].sort()));
    process.exit(0);
  `;
  const args = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (!stdout.startsWith('[')) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe('traces', () => {
  test('cost nothing when nobody wants them: nothing of them is loaded', () => {
    expect(modulesLoaded('undefined')).toEqual([]);
    expect(modulesLoaded('"http://127.0.0.1:9"')).toEqual(
      expect.arrayContaining([
        '@opentelemetry/exporter-trace-otlp-http',
        '@opentelemetry/sdk-trace',
        'bullmq-otel',
      ]),
    );
  });

  test('that are off only run the work', async () => {
    const off = tracing();
    expect([off.telemetry, off.place(), off.traceId()]).toEqual([undefined, undefined, undefined]);
    expect(await off.within('a', {}, async () => 1)).toBe(1);
    expect(await off.at('00-1-2-01', 'a', {}, async () => 2)).toBe(2);
    await expect(off.within('a', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    let ran = false;
    off.serve('GET', {}).run(() => (ran = true));
    expect(ran).toBe(true);
  });
});
