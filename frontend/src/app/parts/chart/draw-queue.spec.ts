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

  it('gives each part of a drawing a task, and ends a drawing before the next begins', async () => {
    const queue = new DrawQueue();
    const done: string[] = [];
    const inParts = (name: string) => () => {
      done.push(`${name}1`);
      return () => done.push(`${name}2`);
    };
    queue.ask({}, inParts('a'));
    queue.ask({}, inParts('b'));
    const seen: number[] = [];
    while (done.length < 4) {
      await task();
      seen.push(done.length);
    }
    expect(done).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(seen).toEqual(expect.arrayContaining([1, 2, 3, 4]));
  });

  it('leaves a drawing whose chart goes in the middle of it', async () => {
    const queue = new DrawQueue();
    const done: string[] = [];
    const gone = {};
    queue.ask(gone, () => {
      done.push('begun');
      return () => done.push('ended');
    });
    while (done.length === 0) await task();
    queue.forget(gone);
    queue.ask({}, () => done.push('here'));
    while (done.length < 2) await task();
    expect(done).toEqual(['begun', 'here']);
  });
});
