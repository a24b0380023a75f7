import type { Engine } from '../engine.ts';
export async function createWasmEngine(_why: string): Promise<Engine> {
  throw new Error('later');
}
