import { describe, expect, test } from '@jest/globals';
import { encodeTexts, rankWords } from './encode-texts.ts';
import { htmlToText } from './html-to-text.ts';
import { mailText } from './samples/mail-text.ts';
import { TextCollector } from './text-collector.ts';
import { tokenize } from './tokenize.ts';

describe('tokenize', () => {
  test('takes words in lower case, with inner apostrophes, and numbers', () => {
    expect(tokenize("Don't PANIC! It’s 42% Öl, naïve café.")).toEqual([
      "don't",
      'panic',
      "it's",
      '42',
      'öl',
      'naïve',
      'café',
    ]);
  });

  test('composes letters, so that the same word has one form', () => {
    expect(tokenize('cafe\u0301')).toEqual(tokenize('caf\u00e9'));
  });

  test('leaves out what no word can be', () => {
    expect(tokenize(`ok ${'x'.repeat(200)} !?… --`)).toEqual(['ok']);
  });
});

describe('htmlToText', () => {
  test('keeps the words and drops tags, comments, scripts and entities', () => {
    const html =
      '<html><head><title>t</title></head><body><!-- <b>no</b> --><p>Tom &amp; J&#101;rry</p><script>evil()</script>';
    expect(htmlToText(html).split(/\s+/).filter(Boolean)).toEqual(['Tom', '&', 'Jerry']);
  });
});

describe('mailText', () => {
  const mail = [
    'From sender@list.example  Thu Aug 22 12:36:23 2002',
    'Received: from spamtrap.example by mx',
    'Subject: Re: [list] =?utf-8?Q?Caf=C3=A9?=',
    'List-Id: <secret-marker>',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<html><body>Fish =3D good</body></html>',
  ].join('\n');

  test('decodes subject and body', async () => {
    expect(tokenize(await mailText(mail))).toEqual(['café', 'fish', 'good']);
  });

  test('gives nothing away from the headers', async () => {
    expect(await mailText(mail)).not.toMatch(/spamtrap|secret|list|2002/i);
  });
});

describe('ranks of words', () => {
  const collect = (...texts: string[]): { texts: ReturnType<TextCollector['finish']>; words: string[] } => {
    const words = new Map<string, number>();
    const collector = new TextCollector(6, words);
    texts.forEach((text, i) => collector.add(text, i % 2));
    return { texts: collector.finish('a test'), words: [...words.keys()] };
  };

  test('the most frequent word of the given samples is 2, words seen once are unknown, the rest is padding', () => {
    const { texts, words } = collect('b a a', 'a b c', 'z z z z');
    const samples = Int32Array.of(0, 1);
    const { vocabulary, idOf } = rankWords(words, texts, samples);
    expect(vocabulary).toEqual(['<pad>', '<unknown>', 'a', 'b']);
    const rows = encodeTexts(texts, Int32Array.of(1, 2), idOf, 4);
    expect([...rows.inputs]).toEqual([2, 3, 1, 0, 1, 1, 1, 1]);
    expect([...rows.labels]).toEqual([1, 0]);
  });

  test('ties go by the word, whatever came first', () => {
    const one = collect('y x', 'x y');
    const { vocabulary } = rankWords(one.words, one.texts, Int32Array.of(0, 1));
    expect(vocabulary.slice(2)).toEqual(['x', 'y']);
  });

  test('only rare words: a coded error instead of inputs that all read unknown', () => {
    const { texts, words } = collect('one two', 'three four');
    expect(() => rankWords(words, texts, Int32Array.of(0, 1))).toThrow(
      expect.objectContaining({ code: 'dataset-invalid', message: expect.stringContaining('vocabulary') }),
    );
  });

  test('empty texts alone: a coded error', () => {
    expect(() => collect('', '!?', '…')).toThrow('holds a word');
  });

  test('an empty text among others is a row of padding', () => {
    const { texts, words } = collect('a a', '', 'a');
    const { idOf } = rankWords(words, texts, Int32Array.of(0, 2));
    expect([...encodeTexts(texts, Int32Array.of(1), idOf, 3).inputs]).toEqual([0, 0, 0]);
  });

  test('copies of a text are one group', () => {
    const { texts } = collect('same words', 'other words', 'Same, words!');
    expect(texts.groups![0]).toBe(texts.groups![2]);
    expect(texts.groups![0]).not.toBe(texts.groups![1]);
  });

  test('in a large collection texts that differ in rare words alone are one group', () => {
    const orders = Array.from({ length: 1200 }, (_, i) =>
      i % 2 ? `order ${i} is here` : `${i} is your order`,
    );
    const { texts } = collect(...orders, 'order is here');
    expect(new Set(texts.groups).size).toBe(3);
  });
});
