import { describe, expect, it } from '@jest/globals';
import { cnnArchitecture, cnnEpochs } from '../testing/trained-networks.ts';
import { epochsFromLog } from './layer-signals.ts';
import { passMarks, passSteps, stepped } from './pass.ts';

const epoch = epochsFromLog(cnnEpochs).at(-1);
const steps = passSteps(cnnArchitecture, epoch);
const ids = cnnArchitecture.layers.map(({ id }) => id);

describe('4.5: the forward and the backward pass', () => {
  it('goes through every layer, the loss, back to the first layer with weights, and the update', () => {
    const of = (phase: string) => steps.filter((step) => step.phase === phase).map(({ layer }) => layer);
    expect(of('forward')).toEqual(ids);
    expect(of('backward')).toEqual(ids.slice(ids.indexOf('conv_1')).reverse());
    expect(steps.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      'forward',
      'loss',
      'backward',
      'update',
    ]);
  });

  it('says what happens to the tensor and how long the gradient is', () => {
    const say = (phase: string, layer: string) =>
      steps.find((step) => step.phase === phase && step.layer === layer)?.text;
    expect(say('forward', 'conv_2')).toBe('Forward. Conv2D 16, 3 × 3: 14 × 14 × 8 in, 14 × 14 × 16 out.');
    expect(say('backward', 'conv_2')).toMatch(/the gradient's length is 0\.\d+/);
    expect(say('backward', 'flatten')).toContain('passes through');
    expect(steps.at(-1)?.text).toContain('26,770 parameters');
  });

  it('is told without numbers before the first epoch', () => {
    const bare = passSteps(cnnArchitecture, undefined);
    expect(bare).toHaveLength(steps.length);
    expect(bare.map(({ text }) => text).join(' ')).not.toMatch(/length is|epoch/);
  });

  it('marks what works, what has worked and what is ahead', () => {
    const marks = passMarks(steps, 2);
    expect(marks.get('rescaling')).toBe('passed');
    expect(marks.get('conv_1')).toBe('active');
    expect(marks.get('rescaling→conv_1')).toBe('active');
    expect(marks.get('softmax')).toBe('ahead');
    const back = passMarks(steps, steps.findIndex(({ phase }) => phase === 'backward') + 1);
    expect(back.get('softmax')).toBe('passed');
    expect(back.get('output')).toBe('active');
    expect(back.get('output→softmax')).toBe('active');
    expect(passMarks(steps, -1).size).toBe(0);
    expect(passMarks(steps, steps.length - 1).get('conv_1')).toBe('active');
  });

  it('stays at its ends', () => {
    expect(stepped(steps, -1, -1)).toBe(-1);
    expect(stepped(steps, steps.length - 1, 1)).toBe(steps.length - 1);
    expect(stepped(steps, 3, -1)).toBe(2);
  });

  it('has nothing to show for a network without layers', () => {
    expect(passSteps({ ...cnnArchitecture, layers: [] }, epoch)).toEqual([]);
  });
});
