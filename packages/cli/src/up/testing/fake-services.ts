import { join } from 'node:path';
import { RANK, type ServiceSpec } from '../services.ts';

const NAMES = ['gateway', 'orchestrator', 'trainer-1', 'plotter'] as const;
type Name = (typeof NAMES)[number];

/** Fake services on the ports after the gateway's; `traits` as fake-service.ts knows them. */
export function fakeServices(port: number, traits: Partial<Record<Name, string[]>> = {}): ServiceSpec[] {
  return NAMES.map((name, index) => ({
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, 'fake-service.ts'), String(port + index), ...(traits[name] ?? [])],
    env: process.env,
    rank: RANK[name === 'trainer-1' ? 'trainer' : name],
    graceMs: 1000,
    readyUrl: `http://127.0.0.1:${port + index}/ready`,
  }));
}
