import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import plugin from '../../tools/words/eslint-plugin.ts';
import { retiredWordsIn, retiredWordsInProject } from '../../tools/words/find-retired-words.ts';

const found = (text: string, path = 'docs/planted.md') =>
  retiredWordsIn(path, text).map(({ word, instead }) => `${word} → ${instead}`);

describe('retired words', () => {
  it.each([
    ['const leaving = new Leaving(parts);', 'new Leaving → Drain'],
    ['const door: Door;', 'door → authorize'],
    ['new StudyLog(redis.patient)', 'redis.patient → blocking'],
    ["import { patiently } from 'x';", 'patiently → RetryPolicy'],
    ['export interface Patience {', 'interface Patience → RetryPolicy'],
    ["{ type: 'TrialHandedBack' }", 'TrialHandedBack → the event Training… with a target'],
    ['a trial is handed back', 'handed back → release'],
    ['It is kept for so long.', 'so long → this long, for this time'],
    ['Whoever reads it', 'Whoever → who it is: the client, the reader, anyone who'],
    ['While Redis is away', 'is away → is unreachable'],
  ])('are found in: %s', (text, hit) => {
    expect(found(text)).toContain(hit);
  });

  it.each([
    'as long as it runs, and so long as it runs; it took so long that it was stopped',
    'every so often',
    'so many that the disk is full; numbers that describe a word to the network',
    'metrics.requests.startTimer(); the requests of a client',
    "pruner: { name: 'patient', patience: 3 }, earlyStoppingPatience: 1",
    'code: checkpoint-unfit',
    'Leaving layers out saves nothing. Asking costs time. Take care.',
    'TrialCompletion, TrialStartedAt',
    'whosoever, renewed, indoors, admittance',
    'a withdrawn trainer withdraws',
  ])('are not found in: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('are found in names of files, and allowed where the list says so', () => {
    expect(found('', 'services/trainer/src/leaving.ts')).toEqual(['leaving.ts → Drain']);
    expect(found('TrialStarted', 'packages/contracts/src/log/version-1.ts')).toEqual([]);
    expect(found('TrialStarted', 'packages/contracts/src/log/study-event.ts')).toHaveLength(1);
  });

  it('are shown where they stand by the linter', () => {
    const rules = { 'onegin/retired-words': 'error' } as const;
    const code = "// nobody hears of it\nconst door = 'anew';\n";
    const messages = new Linter().verify(code, [{ plugins: { onegin: plugin }, rules }], 'planted.js');
    expect(messages.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '1:11 Write “learns of, is told” instead of “hears of”.',
      '2:7 Write “authorize” instead of “door”.',
      '2:15 Write “again” instead of “anew”.',
    ]);
  });

  // ESLint holds the sources to it, this the rest.
  it('are gone from all that is no source', () => {
    expect(retiredWordsInProject(/\.ts$/)).toEqual([]);
  });
});
