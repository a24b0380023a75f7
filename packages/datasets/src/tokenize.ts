/**
 * Words of a text: runs of letters (with an inner apostrophe) or of digits, in lower case and in Unicode's composed
 * form. Punctuation and anything longer than a word can be (rests of encoded attachments) are left out.
 */
const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*|\p{N}+/gu;
const LONGEST_WORD = 30;

export function tokenize(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.normalize('NFC').toLowerCase().matchAll(WORD)) {
    if (word.length <= LONGEST_WORD) words.push(word.replaceAll('’', "'"));
  }
  return words;
}
