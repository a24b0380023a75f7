/**
 * Writes .env.example from the services' own settings; `--check` only says whether it is up to date.
 *
 *   npm run env-example [-- --check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import {
  artifactSettings,
  commonSettings,
  describeSettings,
  healthSettings,
  type Settings,
} from '@onegin/service-kit';
import { gatewaySettings } from '../services/gateway/src/config.ts';
import { orchestratorSettings } from '../services/orchestrator/src/config.ts';
import { plotterSettings } from '../services/plotter/src/config.ts';
import { trainerSettings } from '../services/trainer/src/config.ts';

const file = new URL('../.env.example', import.meta.url);
const services: Record<string, Settings> = {
  gateway: gatewaySettings,
  orchestrator: orchestratorSettings,
  trainer: trainerSettings,
  plotter: plotterSettings,
};

const shared: Record<string, Settings> = {
  'All services': commonSettings,
  'Artifacts: gateway, orchestrator, trainer, plotter': artifactSettings,
  'Health pages: orchestrator, trainer, plotter': healthSettings,
};

function envExample(): string {
  const opening =
    '# Settings of the services, written from their schemas by tools/write-env-example.ts; do not edit.\n# Every variable may be left out where a default stands behind it: the defaults fit one machine.';
  const known = new Set(
    Object.values(shared).flatMap((settings) => Object.values(settings).map(({ env }) => env)),
  );
  const own = Object.entries(services).map(([name, settings]) => {
    const entries = Object.entries(settings).filter(([, { env }]) => !known.has(env));
    return describeSettings(`The ${name}`, Object.fromEntries(entries));
  });
  const sections = Object.entries(shared).map(([title, settings]) => describeSettings(title, settings));
  return `${[opening, ...sections, ...own].join('\n\n')}\n`;
}

const text = envExample();
if (!process.argv.includes('--check')) await writeFile(file, text);
else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('.env.example is not what the services’ settings say: run `npm run env-example`');
  process.exitCode = 1;
}
