import { describe, expect, it } from '@jest/globals';
import type { SearchSpace } from '@onegin/contracts';
import { encodeSpace, fromRow } from './space-encoding.ts';
import { spacePoints } from './space-points.ts';

describe('the points of a discrete space', () => {
  const space: SearchSpace = {
    layers: { type: 'int', low: 1, high: 3 },
    opt: { type: 'categorical', choices: ['sgd', 'adam', 'rms'] },
    momentum: { type: 'float', low: 0, high: 0.9, step: 0.3, when: { param: 'opt', in: ['sgd', 'rms'] } },
    nesterov: { type: 'categorical', choices: [true, false], when: { param: 'opt', in: ['sgd'] } },
    second: { type: 'int', low: 8, high: 10, when: { param: 'layers', in: [2, 3] } },
  };

  it('are counted with their conditions and numbered one by one', () => {
    const encoded = encodeSpace(space);
    const points = spacePoints(encoded);
    // layers: 1 + 3 + 3; opt: 4·2 + 1 + 4.
    expect(points.count).toBe(7 * 13);
    const all = Array.from({ length: points.count }, (_, i) =>
      JSON.stringify(fromRow(encoded, points.at(i))),
    );
    expect(new Set(all).size).toBe(points.count);
    expect(all).toContain('{"layers":1,"opt":"adam"}');
    expect(all).toContain('{"layers":3,"opt":"sgd","momentum":0.3,"nesterov":false,"second":9}');
  });

  it('are endless where a parameter is continuous, unless levels stand for it', () => {
    const encoded = encodeSpace({
      a: { type: 'float', low: 0, high: 1 },
      b: { type: 'int', low: 0, high: 1 },
    });
    expect(spacePoints(encoded).count).toBe(Infinity);
    const points = spacePoints(encoded, 3);
    const values = Array.from({ length: points.count }, (_, i) => points.at(i)[0]);
    expect([...new Set(values)].sort()).toEqual([0, 0.5, 1]);
    expect(points.count).toBe(6);
  });
});
