import { describe, expect, it } from '@jest/globals';
import { LazyPart } from './lazy-part.ts';

describe('a part that is fetched when it is wanted', () => {
  it('is fetched once, and again while it does not come', async () => {
    let asked = 0;
    const part = new LazyPart(async () => {
      asked++;
      if (asked === 1) throw new Error('the gateway restarts');
    });
    expect([asked, part.isHere()]).toEqual([0, false]);
    part.want();
    part.want();
    await Promise.resolve();
    expect([asked, part.isHere()]).toEqual([1, false]);
    while (!part.isHere()) await new Promise((resolve) => setTimeout(resolve, 10));
    part.want();
    expect(asked).toBe(2);
  });
});
