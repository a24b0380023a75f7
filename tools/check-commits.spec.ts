import { expect, test } from '@jest/globals';
import { messageFaults } from './check-commits.ts';

test.each([
  'feat(gateway): answer with the state\n\nA page had to fold the whole log before it showed anything.\n',
  'fix!: refuse empty names\n\nThey could not be found again.',
  'chore(release): 1.2.0\n',
  "Merge branch 'web'\n",
])('is as it should be: %j', (message) => {
  expect(messageFaults(message)).toEqual([]);
});

test.each([
  ['Answers come sooner\n\nWhy.', 'type(scope): subject'],
  ['feat: x\nno gap\nWhy.', 'empty second line'],
  ['feat: x\n', 'a body that says why'],
  ['feat: x.\n\nWhy.', 'no full stop'],
  [`feat: ${'x'.repeat(100)}\n\nWhy.`, 'at most 100 characters'],
])('has a fault: %j', (message, fault) => {
  expect(messageFaults(message)).toEqual([expect.stringContaining(fault)]);
});
