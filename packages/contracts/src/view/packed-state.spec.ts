import { expect, it } from '@jest/globals';
import { packTrials, unpackState } from './packed-state.ts';
import { doneTrial, queuedTrial, studyOf } from '../testing/study-examples.ts';

it('a state that was packed is unpacked whole, its trials by number, and the others get their turn in between', async () => {
  const state = studyOf([
    { type: 'JobStarted' },
    ...[0, 1, 2, 3].flatMap((n) => doneTrial(n)),
    queuedTrial(4),
  ]);
  const { trials } = state;
  const blocks = [packTrials([trials[1]!, trials[3]!]), packTrials([trials[0]!])];
  let turns = 0;
  const rest = { ...state, trials: [trials[4]!, trials[2]!] };
  const between = () => Promise.resolve(turns++);
  const sent = JSON.parse(JSON.stringify({ blocks, state: rest })) as {
    blocks: typeof blocks;
    state: typeof rest;
  };
  expect(await unpackState(sent, between)).toEqual(state);
  expect(turns).toBe(2);
});
