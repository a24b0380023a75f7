import { describe, expect, it } from '@jest/globals';
import {
  escapeMarkup,
  formatCount,
  formatNumber,
  formatSeconds,
  formatShare,
  plainName,
  plural,
  tooltipText,
} from './format.ts';

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [0.98154, '0.9815'],
    [-0.5, '−0.5'],
    [12.5, '12.5'],
    [1234.6, '1,235'],
    [421642, '421,642'],
    [0.0001, '1e-4'],
    [0.000316227, '3.16e-4'],
    [25_000_000, '2.5e7'],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([null, undefined, Number.NaN, Infinity])('%s is a dash', (value) =>
    expect(formatNumber(value)).toBe('–'),
  );

  it('writes shares, counts, times', () => {
    expect(formatShare(0.9654)).toBe('96.5%');
    expect(formatShare(null)).toBe('–');
    expect(formatCount(10_000)).toBe('10,000');
    expect([0.84, 42.4, 200, 7500, null].map(formatSeconds)).toEqual([
      '0.8 s',
      '42 s',
      '3 min 20 s',
      '2 h 5 min',
      '–',
    ]);
    expect([plural(1, 'trial'), plural(0, 'trial'), plural(1200, 'trial')]).toEqual([
      '1 trial',
      '0 trials',
      '1,200 trials',
    ]);
  });
});

describe('names from outside', () => {
  it('become one line of bounded length', () => {
    expect(plainName('a\nb\u0000c')).toBe('a b c');
    expect([...plainName('🙂'.repeat(100))]).toHaveLength(60);
    expect(plainName('🙂'.repeat(100))).toMatch(/…$/);
  });

  it('are no markup in a tooltip', () => {
    expect(escapeMarkup(`<b onx="'&">`)).toBe('&lt;b onx=&quot;&#39;&amp;&quot;&gt;');
    expect(tooltipText('<i>', 'a<b')).toBe('<strong>&lt;i&gt;</strong><br>a&lt;b');
  });
});
