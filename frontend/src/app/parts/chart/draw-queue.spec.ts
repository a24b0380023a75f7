import { describe, expect, it } from '@jest/globals';
import { DrawQueue } from './draw-queue.ts';

const task = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('DrawQueue', () => {
  it('draws one chart in a task, each with what was asked for last', async () => {
    const queue = new DrawQueue();
    const drawn: string[] = [];
    const [a, b] = [{}, {}];
    queue.ask(a, () => drawn.push('a1'));
    queue.ask(b, () => drawn.push('b1'));
    queue.ask(a, () => drawn.push('a2'));
    expect(drawn).toEqual([]);
    const seen: number[] = [];
    while (drawn.length < 2) {
      await task();
      seen.push(drawn.length);
    }
    expect(drawn.sort()).toEqual(['a2', 'b1']);
    expect(seen).toContain(1);
  });

  it('does not draw for who has gone', async () => {
    const queue = new DrawQueue();
    const drawn: string[] = [];
    const gone = {};
    queue.ask(gone, () => drawn.push('gone'));
    queue.forget(gone);
    queue.ask({}, () => drawn.push('here'));
    while (drawn.length === 0) await task();
    await task();
    expect(drawn).toEqual(['here']);
  });
});
