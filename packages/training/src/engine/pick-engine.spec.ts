import { describe, expect, it } from '@jest/globals';
import { OneginError } from '@onegin/contracts';
import { guarded } from './wasm/backend.ts';
import { findBinding } from './native/binding.ts';
import { pickEngine } from './pick-engine.ts';

describe('pickEngine', () => {
  it('takes the native engine where its addon is built, and says what it runs on', async () => {
    const { info } = await pickEngine({ device: 'auto', modelKind: 'cnn' });
    expect(info).toMatchObject({
      name: 'native',
      detail: expect.stringMatching(/^TensorFlow \d+\.\d+.*thread|GPU/),
    });
  });

  it('takes WebAssembly when asked, and says why', async () => {
    const { info } = await pickEngine({ device: 'cpu', engine: 'wasm' });
    expect(info).toMatchObject({ name: 'wasm', device: 'cpu', detail: expect.stringMatching(/as asked/) });
  });

  it('refuses a GPU where there is none, rather than train slowly', async () => {
    await expect(pickEngine({ device: 'gpu', engine: 'wasm' })).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
    const { info } = await pickEngine({ device: 'auto' });
    if (info.device === 'gpu') return console.error('skipped: this machine has a GPU');
    await expect(pickEngine({ device: 'gpu' })).rejects.toMatchObject({ code: 'engine-unavailable' });
  });

  it('says what is missing', () => {
    const gpu = findBinding('@tensorflow/tfjs-node-gpu');
    if ('missing' in gpu) expect(gpu.missing).toMatch(/@tensorflow\/tfjs-node-gpu/);
    else expect(gpu.path).toMatch(/tfjs_binding\.node$/);
  });
});

describe('running out of memory', () => {
  it.each(['native', 'wasm'] as const)(
    '%s: ends in a coded error that names it, and holds nothing',
    async (name) => {
      const engine = await pickEngine({ device: 'cpu', engine: name });
      const before = engine.held();
      const side = 1 << 20;
      let caught: unknown;
      try {
        engine.scope(() => {
          const dy = engine.ops.tensor(Float32Array.of(1), [1, 1]);
          // Four terabytes. TensorFlow waits ten seconds for memory before it gives up.
          engine.ops.globalAverageGradient([1, side, side, 1], dy);
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(OneginError);
      expect(caught).toMatchObject({ code: 'out-of-memory' });
      expect(engine.held()).toBeLessThanOrEqual(before + 3); // the native engine keeps constants
    },
    120_000,
  );

  it('does not take other errors for it', () => {
    expect(() => guarded(() => tfError('shapes differ'))).toThrow('shapes differ');
    expect(() => guarded(() => tfError('shapes differ'))).not.toThrow(OneginError);
  });
});

function tfError(message: string): never {
  throw new Error(message);
}
