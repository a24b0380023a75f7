import { describe, expect, it } from '@jest/globals';
import { tensorboardAddress } from './site-words.ts';
import { parseSiteLink } from './site.ts';

describe('a link of the site (4.8)', () => {
  it('is an address, or a name and an address', () => {
    expect(parseSiteLink('https://example.org/me')).toEqual({ name: null, url: 'https://example.org/me' });
    expect(parseSiteLink('  Ada Lovelace  https://example.org ')).toEqual({
      name: 'Ada Lovelace',
      url: 'https://example.org',
    });
  });

  it.each(['', 'example.org', 'Ada', 'javascript:alert(1)', 'mailto:ada@example.org', 'https://'])(
    'is nothing else: %j',
    (text) => expect(parseSiteLink(text)).toBeUndefined(),
  );
});

describe('the address of a run in TensorBoard (3.5)', () => {
  const filterOf = (address: string) => new RegExp(new URL(address).searchParams.get('runFilter') ?? 'none');

  it('filters by the run or by one trial of it, and keeps what the address had', () => {
    const run = tensorboardAddress('https://tb.example.org/board/?darkMode=true', 'digits_1.5');
    expect(run).toMatch(/^https:\/\/tb\.example\.org\/board\/\?darkMode=true&runFilter=.*#timeseries$/);
    expect('digits_1.5/trials/trial_3/attempt_1/tensorboard').toMatch(filterOf(run));
    expect('digits_155/trials/trial_3/attempt_1/tensorboard').not.toMatch(filterOf(run));
    const trial = filterOf(tensorboardAddress('https://tb.example.org', 'digits', 3));
    expect('digits/trials/trial_3/attempt_2/tensorboard').toMatch(trial);
    expect('digits/trials/trial_31/attempt_1/tensorboard').not.toMatch(trial);
  });
});
