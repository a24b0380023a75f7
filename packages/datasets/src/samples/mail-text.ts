/**
 * What a reader sees of a mail: the subject and the text, decoded.
 *
 * All other headers are left out on purpose. The corpus was collected from a few mailboxes: delivery lines, list
 * headers, dates and mail programs tell which collection a mail came from, and with it the label, without a word of
 * it being read. A network trained on them would score well and have learnt nothing about mail.
 */
import PostalMime from 'postal-mime';
import { htmlToText } from '../html-to-text.ts';

/** Marks that mailing lists and filters put in front of a subject; the lists of this corpus carry ham only. */
const SUBJECT_TAGS = /^\s*(?:(?:re|fwd?|aw)\s*:|\[[^\]]{1,40}\])\s*/i;

export async function mailText(mail: string): Promise<string> {
  // An mbox separator is not a header.
  const parsed = await PostalMime.parse(mail.replace(/^From .*\n/, ''));
  let subject = parsed.subject ?? '';
  for (let last = ''; last !== subject;) [last, subject] = [subject, subject.replace(SUBJECT_TAGS, '')];
  const body = parsed.text?.trim() ? parsed.text : htmlToText(parsed.html ?? '');
  return `${subject}\n${withoutListFooter(looksLikeHtml(body) ? htmlToText(body) : body)}`;
}

const looksLikeHtml = (text: string): boolean => /<(?:html|body|table|font|p|br)\b/i.test(text);

/** A list's footer ("____ … mailing list …") stands at the end of ham only, like the list's headers. */
const withoutListFooter = (text: string): string =>
  text.replace(/\n_{20,}\n(?:.*\n){0,3}?.*mailing list[\s\S]*$/i, '');
